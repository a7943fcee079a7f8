package dev.headgate.config;

import dev.headgate.engine.Immutable;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** A word that must not be shown: neither a log nor a dump of the configuration has it. */
@Immutable
public final class Secret {
    /** What stands for it wherever it would be shown. */
    public static final String MASK = "(secret)";

    private final String text;

    public Secret(String text) {
        this.text = text;
    }

    /** The word itself, for whom it is meant. */
    public char[] reveal() {
        return text.toCharArray();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Secret secret && MessageDigest.isEqual(bytes(), secret.bytes());
    }

    private byte[] bytes() {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return MASK;
    }
}
