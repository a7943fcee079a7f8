package dev.headgate.bench.scenario;

import java.util.List;

/**
 * How much of everything there is in the scenarios.
 *
 * @param connections of the usual load
 * @param rates of the latency scenario, per second
 * @param idleMax idle connections at most
 * @param tlsIdleMax idle TLS connections at most
 * @param http2IdleMax idle HTTP/2 connections at most, with and without TLS
 * @param activeMax active connections at most
 * @param activeRate requests per second over them
 * @param besideRate requests per second beside slow clients and faults
 * @param slowClients of each kind
 */
public record Sizes(
        int connections,
        List<Integer> rates,
        int idleMax,
        int tlsIdleMax,
        int http2IdleMax,
        int activeMax,
        int activeRate,
        int besideRate,
        int slowClients) {
    public Sizes {
        rates = List.copyOf(rates);
    }
}
