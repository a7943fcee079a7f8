package dev.headgate.tls.finding;

/** What can be said about credentials, trust anchors and revocation lists. The {@linkplain #token token} is stable: it names the log key and the test. */
public enum FindingCode {
    PEM_TOO_LARGE("pem.text.too_large", Severity.PROBLEM),
    PEM_TOO_MANY_BLOCKS("pem.blocks.too_many", Severity.PROBLEM),
    PEM_BLOCK_TOO_LARGE("pem.block.too_large", Severity.PROBLEM),
    PEM_BEGIN_MALFORMED("pem.begin.malformed", Severity.PROBLEM),
    PEM_END_MISSING("pem.end.missing", Severity.PROBLEM),
    PEM_END_OTHER("pem.end.other_label", Severity.PROBLEM),
    PEM_END_STRAY("pem.end.stray", Severity.PROBLEM),
    PEM_BASE64("pem.base64.invalid", Severity.PROBLEM),
    PEM_HEADER("pem.header.unexpected", Severity.PROBLEM),
    PEM_LABEL_UNKNOWN("pem.label.unknown", Severity.PROBLEM),

    KEY_MISSING("key.missing", Severity.PROBLEM),
    KEY_SEVERAL("key.several", Severity.PROBLEM),
    KEY_UNREADABLE("key.unreadable", Severity.PROBLEM),
    KEY_ALGORITHM("key.algorithm.unsupported", Severity.PROBLEM),
    KEY_CURVE("key.curve.unsupported", Severity.PROBLEM),
    KEY_WEAK("key.weak", Severity.PROBLEM),
    KEY_TOO_LONG("key.too_long", Severity.PROBLEM),
    KEY_ENCRYPTION_LEGACY("key.encryption.legacy", Severity.PROBLEM),
    KEY_ENCRYPTION_UNSUPPORTED("key.encryption.unsupported", Severity.PROBLEM),
    KEY_ITERATIONS("key.encryption.too_many_iterations", Severity.PROBLEM),
    KEY_PASSPHRASE_MISSING("key.passphrase.missing", Severity.PROBLEM),
    KEY_PASSPHRASE_WRONG("key.passphrase.wrong", Severity.PROBLEM),
    KEY_PASSPHRASE_UNUSED("key.passphrase.unused", Severity.WARNING),
    KEY_MISMATCH("key.certificate_mismatch", Severity.PROBLEM),
    KEY_EXPOSED("key.exposed", Severity.WARNING),

    STORE_TOO_LARGE("store.too_large", Severity.PROBLEM),
    STORE_UNREADABLE("store.unreadable", Severity.PROBLEM),
    STORE_NO_KEY("store.no_key", Severity.PROBLEM),
    STORE_KEY_PLAIN("store.key_unencrypted", Severity.PROBLEM),
    STORE_SEVERAL_KEYS("store.several_keys", Severity.PROBLEM),
    STORE_ALIAS("store.alias.unknown", Severity.PROBLEM),

    CERTIFICATE_MISSING("certificate.missing", Severity.PROBLEM),
    CERTIFICATE_UNREADABLE("certificate.unreadable", Severity.PROBLEM),
    CERTIFICATE_KEY_WEAK("certificate.key_weak", Severity.PROBLEM),
    CERTIFICATE_EXPIRED("certificate.expired", Severity.WARNING),
    CERTIFICATE_EXPIRES_SOON("certificate.expires_soon", Severity.WARNING),
    CERTIFICATE_PURPOSE("certificate.purpose.not_server", Severity.WARNING),
    CERTIFICATE_KEY_USAGE("certificate.key_usage.no_signature", Severity.WARNING),
    CERTIFICATE_MUST_STAPLE("certificate.must_staple", Severity.WARNING),
    CERTIFICATE_NOT_YET_VALID("certificate.not_yet_valid", Severity.WARNING),

    CHAIN_TOO_LONG("chain.too_long", Severity.PROBLEM),
    CHAIN_REORDERED("chain.reordered", Severity.WARNING),
    CHAIN_UNRELATED("chain.unrelated_dropped", Severity.WARNING),
    CHAIN_DUPLICATE("chain.duplicate_dropped", Severity.WARNING),
    CHAIN_ISSUER_MISSING("chain.issuer_missing", Severity.WARNING),
    CHAIN_ROOT_DROPPED("chain.root_dropped", Severity.NOTE),
    CHAIN_SELF_SIGNED("chain.self_signed", Severity.NOTE),

    TRUST_LEAF("trust.leaf", Severity.PROBLEM),
    TRUST_PINNED("trust.pinned", Severity.WARNING),
    TRUST_KEY_WEAK("trust.key_weak", Severity.WARNING),
    TRUST_DUPLICATE("trust.duplicate_dropped", Severity.NOTE),

    LIST_MISSING("crl.missing", Severity.PROBLEM),
    LIST_UNREADABLE("crl.unreadable", Severity.PROBLEM),
    LIST_UNSUPPORTED("crl.unsupported", Severity.PROBLEM),
    LIST_STALE("crl.stale", Severity.WARNING),
    LIST_NOT_YET_VALID("crl.not_yet_valid", Severity.WARNING),

    NAMES_NONE("names.none", Severity.WARNING),
    NAME_UNUSABLE("names.unusable", Severity.WARNING);

    /** What a finding means for what was to be read. */
    public enum Severity {
        /** Nothing is made of it. */
        PROBLEM,
        /** It is used, and somebody should look at it. */
        WARNING,
        /** Nothing is wrong; something was left out. */
        NOTE
    }

    private final String token;
    private final Severity severity;

    FindingCode(String token, Severity severity) {
        this.token = token;
        this.severity = severity;
    }

    public String token() {
        return token;
    }

    public Severity severity() {
        return severity;
    }
}
