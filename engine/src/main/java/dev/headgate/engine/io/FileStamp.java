package dev.headgate.engine.io;

import dev.headgate.engine.Immutable;

/**
 * What tells a file from what it was before; equal stamps mean that nothing was written in between, as far as the file system says.
 *
 * @param modifiedNs when it was last written, in nanoseconds since the epoch
 * @param lengthBytes its length
 * @param identity which file it is, once links are followed; empty where the file system has no such thing
 */
@Immutable
public record FileStamp(long modifiedNs, long lengthBytes, String identity) {}
