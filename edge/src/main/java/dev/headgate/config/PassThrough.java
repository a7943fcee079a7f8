package dev.headgate.config;

import dev.headgate.engine.Immutable;
import java.util.List;

/**
 * Connections that go on as they came, TLS and all, by what their clients say first. Those are taken that name one of the servers and offer
 * one of the protocols.
 *
 * @param serverNames exact names or wildcards; empty: any, and clients that name none
 * @param alpn application protocols (RFC 7301); empty: any, and clients that offer none
 * @param to the upstream's name
 */
@Immutable
public record PassThrough(List<HostPattern> serverNames, List<String> alpn, String to) {
    public PassThrough {
        serverNames = List.copyOf(serverNames);
        alpn = List.copyOf(alpn);
    }
}
