package dev.headgate.http.hpack;

/** What can be wrong with a field block. */
public enum HpackViolation {
    /** An integer ends behind the block, or a string does. */
    TRUNCATED("hpack.truncated", "RFC 7541 §5", Effect.BROKEN),
    INTEGER_TOO_LARGE("hpack.integer.too_large", "RFC 7541 §5.1", Effect.BROKEN),
    INDEX_ZERO("hpack.index.zero", "RFC 7541 §6.1", Effect.BROKEN),
    INDEX_BEYOND_TABLE("hpack.index.beyond_table", "RFC 7541 §2.3.3", Effect.BROKEN),
    HUFFMAN_EOS("hpack.huffman.eos", "RFC 7541 §5.2", Effect.BROKEN),
    HUFFMAN_PADDING("hpack.huffman.padding", "RFC 7541 §5.2", Effect.BROKEN),
    /** Behind the first field of a block. */
    SIZE_UPDATE_LATE("hpack.size_update.late", "RFC 7541 §4.2", Effect.BROKEN),
    SIZE_UPDATE_TOO_LARGE("hpack.size_update.too_large", "RFC 7541 §6.3", Effect.BROKEN),
    /** More than the two that a block can need. */
    SIZE_UPDATE_COUNT("hpack.size_update.too_many", "RFC 7541 §4.2", Effect.BROKEN),
    /** The table was made smaller, and the first block since does not say so. */
    SIZE_UPDATE_MISSING("hpack.size_update.missing", "RFC 7541 §4.2", Effect.BROKEN),
    NAME_TOO_LONG("hpack.name.too_long", "RFC 6585 §5", Effect.TOO_LARGE),
    FIELD_COUNT("hpack.list.too_many", "RFC 6585 §5", Effect.TOO_LARGE),
    LIST_TOO_LARGE("hpack.list.too_large", "RFC 9113 §10.5.1", Effect.TOO_LARGE),
    /** Twice the limit: decoding on would only serve whoever sent it. */
    LIST_FAR_TOO_LARGE("hpack.list.far_too_large", "RFC 9113 §10.5.1", Effect.ABUSE);

    /** What a violation leaves of the decoder. */
    public enum Effect {
        /** The message is refused; the table is as the peer's, and the next block can be decoded. */
        TOO_LARGE,
        /** The table is no longer that of the peer: the connection ends. */
        BROKEN,
        /** The same, because we stopped on purpose. */
        ABUSE
    }

    private final String token;
    private final String rule;
    private final Effect effect;

    HpackViolation(String token, String rule, Effect effect) {
        this.token = token;
        this.rule = rule;
        this.effect = effect;
    }

    /** Stable dotted name. */
    public String token() {
        return token;
    }

    /** The document and section that the rule comes from. */
    public String rule() {
        return rule;
    }

    public Effect effect() {
        return effect;
    }
}
