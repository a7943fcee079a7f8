package dev.headgate.resolve;

/** What is wrong with a message that claims to answer. */
public enum DnsViolation {
    /** A name, record or field goes beyond the end (RFC 1035 §4.1). */
    CUT("4.1"),
    /** A label that is neither plain nor a pointer (RFC 1035 §4.1.4). */
    LABEL_KIND("4.1.4"),
    /** A pointer that does not lead back, to behind the header (RFC 1035 §4.1.4). */
    POINTER_FORWARD("4.1.4"),
    /** A name of more than 255 bytes (RFC 1035 §2.3.4). */
    NAME_LENGTH("2.3.4"),
    /** Content of another length than its type has (RFC 1035 §3.3 and §3.4, RFC 2782, RFC 3596). */
    DATA_LENGTH("3.3"),
    /** More than {@value ResponseDecoder#RECORDS_MAX} records. */
    RECORDS("4.1.1"),
    /** Two names that one stands for (RFC 2181 §10.1). */
    SEVERAL_ALIASES("3.6.2"),
    /** More than {@value ResponseDecoder#ALIASES_MAX} names that stand for each other, as in a loop (RFC 1034 §3.6.2). */
    ALIAS_CHAIN("3.6.2"),
    /** More than one OPT record (RFC 6891 §6.1.1). */
    SEVERAL_OPTIONS("6.1.1"),
    /** Reading it takes more work than any honest message does. */
    WORK("4.1.4");

    private final String section;

    DnsViolation(String section) {
        this.section = section;
    }

    /** Of the RFC that its text names first, or of RFC 1035. */
    String section() {
        return section;
    }
}
