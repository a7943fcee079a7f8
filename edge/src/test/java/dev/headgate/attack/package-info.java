/**
 * Rows of the threat table as byte scripts against the whole proxy. Start reading at {@link dev.headgate.attack.Attack},
 * then {@link dev.headgate.attack.Http1FramingAttackIT}.
 *
 * <p>Threading: a test class owns one proxy and one origin.
 */
@NullMarked
package dev.headgate.attack;

import org.jspecify.annotations.NullMarked;
