package dev.headgate.bench.result;

/**
 * A target as reports know it.
 *
 * @param name how it is called
 * @param version which program it is, and what is changed in it
 */
public record TargetInfo(String name, String version) {}
