/**
 * The outside world as a simulation: the whole proxy runs on one thread in virtual time, and a seed replays a run exactly. Start reading at
 * {@link dev.headgate.testkit.sim.Simulator}, then {@link dev.headgate.testkit.sim.SimIo}, which is the engine's I/O seam, and
 * {@link dev.headgate.testkit.sim.SimConnection} with its {@link dev.headgate.testkit.sim.Pipe}s, which stand for the network. The peers are
 * {@link dev.headgate.testkit.sim.SimClient}, {@link dev.headgate.testkit.sim.SimHttp2Client} and {@link dev.headgate.testkit.sim.SimTunnelClient},
 * and {@code SimOrigin} and {@code SimHttp2Origin} behind a {@link dev.headgate.testkit.sim.SimOriginHost};
 * {@link dev.headgate.testkit.sim.Ledger} knows what every request and response has to be.
 *
 * <p>What both ends of HTTP/2 have in common is {@code Http2Link}, with {@code Http2Flow} for each stream and {@code Http2Windows} for both
 * directions' windows. {@code Http2Watch} is beside them at the proxy's end: it knows what the proxy knows. A side of a WebSocket is a
 * {@code TunnelEnd}, whatever carries it.
 *
 * <p>Threading: everything belongs to the thread that drives the simulator. Nothing here may depend on the time of day, other threads,
 * identity hash codes or the iteration order of hashed collections.
 */
@NullMarked
package dev.headgate.testkit.sim;

import org.jspecify.annotations.NullMarked;
