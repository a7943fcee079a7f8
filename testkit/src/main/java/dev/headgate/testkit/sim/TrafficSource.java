package dev.headgate.testkit.sim;

/** A client, whatever it speaks: sends the requests that it has planned, one connection after the other. */
public sealed interface TrafficSource permits SimClient, SimHttp2Client, SimTunnelClient {
    void start();

    /** Whether all its requests have come to an end. */
    boolean isDone();
}
