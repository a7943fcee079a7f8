/**
 * Rows of the threat table as byte scripts against the whole proxy. Start reading at {@link dev.headgate.attack.Attack},
 * then {@link dev.headgate.attack.Http1FramingAttackIT}; for HTTP/2 at {@link dev.headgate.attack.Http2Attack}, then
 * {@link dev.headgate.attack.Http2FramingAttackIT}; {@link dev.headgate.attack.SlowPeerAttackIT} has time in its hand,
 * {@link dev.headgate.attack.ProcessAttackIT} runs the program in a process of its own.
 *
 * <p>Threading: a test class owns one proxy and one origin.
 */
@NullMarked
package dev.headgate.attack;

import org.jspecify.annotations.NullMarked;
