/**
 * Pictures of numbers as SVG. Start reading at {@link dev.headgate.bench.report.svg.LineChart} and
 * {@link dev.headgate.bench.report.svg.BarChart}; {@link dev.headgate.bench.report.svg.Scale} maps values to places.
 *
 * <p>Threading: none; everything runs on the caller's thread.
 */
@NullMarked
package dev.headgate.bench.report.svg;

import org.jspecify.annotations.NullMarked;
