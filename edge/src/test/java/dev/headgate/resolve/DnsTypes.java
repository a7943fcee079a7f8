package dev.headgate.resolve;

import dev.headgate.testkit.dns.DnsMessage;

/** Names of types, for tests to read. */
final class DnsTypes {
    private DnsTypes() {}

    static String name(int type) {
        return switch (type) {
            case DnsMessage.A -> "A";
            case DnsMessage.AAAA -> "AAAA";
            case DnsMessage.SRV -> "SRV";
            default -> throw new AssertionError("type " + type);
        };
    }
}
