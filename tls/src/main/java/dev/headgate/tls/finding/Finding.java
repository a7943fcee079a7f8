package dev.headgate.tls.finding;

import dev.headgate.engine.Immutable;

/**
 * One thing that was seen in a file. It never quotes what stands between the lines of a block, nor a passphrase.
 *
 * @param code what it is
 * @param input in which text
 * @param line line of the block's first line, from 1; 0 when it is about no single block
 * @param found what is there
 * @param expected what should be, or what was done about it
 */
@Immutable
public record Finding(FindingCode code, Input input, int line, String found, String expected) {
    @Override
    public String toString() {
        String place = line == 0 ? input.toString() : input + " line " + line;
        return code.token() + " in " + place + ": found " + found + "; expected " + expected;
    }
}
