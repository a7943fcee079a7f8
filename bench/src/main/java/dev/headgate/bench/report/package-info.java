/**
 * Results made readable: terminal, files, pictures. Start reading at {@link dev.headgate.bench.report.Report}.
 *
 * <p>Threading: none; everything runs on the caller's thread.
 */
@NullMarked
package dev.headgate.bench.report;

import org.jspecify.annotations.NullMarked;
