/**
 * The load generator as a process of its own, which stays while targets come and go, so that it is warm when it counts. Start
 * reading at {@link dev.headgate.bench.worker.Worker}; {@link dev.headgate.bench.worker.WorkerMain} is the other end.
 *
 * <p>Threading: one run at a time, on the caller's thread.
 */
@NullMarked
package dev.headgate.bench.worker;

import org.jspecify.annotations.NullMarked;
