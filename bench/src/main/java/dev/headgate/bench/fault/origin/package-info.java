/**
 * An origin that is there to fail: a process of its own that can be killed and stopped, does on command what origins do when they are not
 * well, and counts what it is asked. Start reading at {@link dev.headgate.bench.fault.origin.FaultOriginMain}.
 *
 * <p>Threading: sessions belong to the loop of their origin; commands come on the first thread, which reads standard input.
 */
@NullMarked
package dev.headgate.bench.fault.origin;

import org.jspecify.annotations.NullMarked;
