package dev.headgate.secure;

import java.util.List;

/**
 * What the files of a listener's policies on client certificates held, and how they looked before they were read.
 *
 * @param stamps by the policies' numbers
 * @param trusts likewise; empty when anything is wrong
 * @param problems what is wrong, one sentence each
 * @param warnings what works and should be looked at
 */
public record ClientTrustReading(
        List<List<String>> stamps, List<ClientTrust> trusts, List<String> problems, List<String> warnings) {
    public ClientTrustReading {
        stamps = List.copyOf(stamps);
        trusts = List.copyOf(trusts);
        problems = List.copyOf(problems);
        warnings = List.copyOf(warnings);
    }
}
