package dev.headgate.tls.encoding;

/**
 * What of a PEM text is read.
 *
 * @param textBytes longest text
 * @param blockCount most blocks, of any label
 * @param blockBytes longest block, decoded
 */
public record PemLimits(int textBytes, int blockCount, int blockBytes) {}
