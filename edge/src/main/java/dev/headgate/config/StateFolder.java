package dev.headgate.config;

import dev.headgate.engine.Immutable;
import java.nio.file.Path;

/**
 * Where a proxy keeps what it makes itself and needs again at its next start. It is made when it is needed.
 *
 * @param path the folder, which is the owner's alone
 * @param isRequired whether a proxy that has something to keep does not start without it; otherwise it goes on with what is in memory, and
 *     warns
 */
@Immutable
public record StateFolder(Path path, boolean isRequired) {}
