/**
 * What the proxy tells about itself: access log, error log and counters. Start reading at
 * {@link dev.headgate.observe.AccessLog}, then {@link dev.headgate.observe.ErrorLog} and
 * {@link dev.headgate.observe.Metrics}.
 *
 * <p>Threading: loops format records into blocks and count in rows of their own; one agent writes blocks and events out; any
 * thread reads counters. Everything that crosses goes through a bounded queue, and what does not fit is dropped and counted:
 * traffic never waits for a log.
 */
@NullMarked
package dev.headgate.observe;

import org.jspecify.annotations.NullMarked;
