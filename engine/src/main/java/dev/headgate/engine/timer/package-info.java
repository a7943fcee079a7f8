/**
 * Coarse deadlines by the hundred thousand. Start reading at {@link dev.headgate.engine.timer.TimerWheel}.
 *
 * <p>Threading: a wheel and its timers belong to one loop.
 */
@NullMarked
package dev.headgate.engine.timer;

import org.jspecify.annotations.NullMarked;
