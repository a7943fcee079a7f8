package dev.headgate.resolve;

/** What can be asked for, with the codes of messages. */
public enum DnsType {
    /** IPv4 addresses (RFC 1035 §3.4.1). */
    A(1),
    /** IPv6 addresses (RFC 3596 §2.1). */
    AAAA(28),
    /** Where a service is (RFC 2782). */
    SRV(33);

    /** A name that stands for another (RFC 1035 §3.3.1). */
    static final int CNAME = 5;

    /** What a zone says of itself, and of how long its silence holds (RFC 1035 §3.3.13, RFC 2308 §4). */
    static final int SOA = 6;

    /** No record, but what else there is to say of a message (RFC 6891 §6.1.2). */
    static final int OPT = 41;

    /** The Internet, the only class that is asked for. */
    static final int CLASS_IN = 1;

    private final int code;

    DnsType(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }
}
