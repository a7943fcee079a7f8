package dev.headgate.fuzz.oracle;

import java.util.List;

/**
 * What a client offers in its hello.
 *
 * @param serverName in small letters; empty when there is none, {@code (address)} for one that counts as none
 * @param lists versions, cipher suites, groups, signature schemes, those of certificates; without reserved values
 * @param ticketLength of a TLS 1.2 session ticket, or −1
 */
public record HelloModel(
        int legacyVersion,
        String serverName,
        List<String> protocols,
        List<List<Integer>> lists,
        boolean earlyData,
        boolean preSharedKey,
        int ticketLength) {}
