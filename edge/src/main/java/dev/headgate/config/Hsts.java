package dev.headgate.config;

import dev.headgate.engine.Immutable;

/**
 * What clients are told to remember of a listener with TLS: its hosts are to be reached by TLS alone (RFC 6797).
 *
 * @param maxAgeS how long, in seconds, from each response on; default a year; 0 makes clients forget
 * @param includeSubDomains whether all hosts below count too; default false
 * @param preload whether browsers may know it before the first visit; default false
 */
@Immutable
public record Hsts(long maxAgeS, boolean includeSubDomains, boolean preload) {
    /** The value of the field. */
    public String fieldValue() {
        return "max-age=" + maxAgeS + (includeSubDomains ? "; includeSubDomains" : "") + (preload ? "; preload" : "");
    }
}
