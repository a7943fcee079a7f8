/**
 * What parts of the proxy cost. {@code …Bench} classes are benchmarks for JMH, each with one question and the plain answer beside the fast
 * one; run them with {@code bench/jmh}. {@link dev.headgate.bench.parts.RequestCostTest} holds the figures that are exact, calls and heap
 * per request. Start reading there, then at {@link dev.headgate.bench.parts.MemoryProxy}, which is a whole proxy without a kernel.
 *
 * <p>Threading: everything is driven by one thread, that of the test or of the benchmark.
 */
@NullMarked
package dev.headgate.bench.parts;

import org.jspecify.annotations.NullMarked;
