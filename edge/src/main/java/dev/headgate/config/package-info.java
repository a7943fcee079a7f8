/**
 * The configuration language: text in, one immutable {@link dev.headgate.config.ProxyConfig} out, or every mistake in it.
 * Start reading at {@link dev.headgate.config.ProxyConfig}.
 *
 * <p>Threading: configuration values are immutable and may be shared freely; readers and printers belong to the thread
 * that made them.
 */
@NullMarked
package dev.headgate.config;

import org.jspecify.annotations.NullMarked;
