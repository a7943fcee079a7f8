package dev.headgate.observe;

import dev.headgate.engine.Immutable;

/** Why the look-up of a name has brought nothing. */
@Immutable
public enum DnsFailure {
    /** There is no such name (NXDOMAIN). */
    NO_SUCH_NAME("no such name"),
    /** The name is there, without what was asked for. */
    NO_DATA("the name has no such record"),
    /** The service is not there, as its name says (RFC 2782). */
    NOT_OFFERED("the service is not offered"),
    /** It cannot be asked for: a label, or all of it, is too long. */
    NOT_A_NAME("not a name"),
    /** No server has answered in time. */
    TIMED_OUT("no answer in time"),
    /** No server can be reached. */
    UNREACHABLE("no server can be reached"),
    /** The servers cannot say now (SERVFAIL). */
    SERVER_FAILURE("the server has failed"),
    /** The servers do not want to (REFUSED). */
    REFUSED("the server refuses to answer"),
    /** What came as an answer is none. */
    MALFORMED("the answer breaks a rule"),
    /** The JDK's resolver knows nothing, and does not say why. */
    SYSTEM("the system does not know"),
    /** Too many look-ups are under way. */
    OVERLOADED("too many look-ups are waiting");

    private final String text;

    DnsFailure(String text) {
        this.text = text;
    }

    /** For people. */
    public String text() {
        return text;
    }

    /** Whether it is an answer that there is nothing, which holds for a while. */
    public boolean isAbsence() {
        return this == NO_SUCH_NAME || this == NO_DATA || this == NOT_OFFERED;
    }
}
