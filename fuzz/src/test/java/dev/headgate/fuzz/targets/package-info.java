/**
 * Fuzz targets: one method over bytes each, which throws when a law is broken. Start reading at
 * {@link dev.headgate.fuzz.targets.Target}, the list of them; {@link dev.headgate.fuzz.targets.CorpusTest} replays their
 * corpus, {@link dev.headgate.fuzz.targets.FuzzRun} searches for more.
 *
 * <p>Threading: a target belongs to the thread that calls it.
 */
@NullMarked
package dev.headgate.fuzz.targets;

import org.jspecify.annotations.NullMarked;
