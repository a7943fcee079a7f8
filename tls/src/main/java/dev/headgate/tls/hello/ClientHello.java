package dev.headgate.tls.hello;

import dev.headgate.tls.encoding.MessageText;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What a client offers in its hello (RFC 8446 §4.1.2), as an index over its bytes. Reserved values (RFC 8701) are left out
 * everywhere. Filled by a {@link ClientHelloReader}, whose array it looks at, and valid until that reader's next call.
 *
 * <p>It holds what choosing a certificate, an {@code SSLContext} or an upstream needs. What only a handshake can judge,
 * such as key shares, is left to the TLS engine that reads the same bytes.
 */
public final class ClientHello {
    /** TLS 1.0, 1.1, 1.2 and 1.3 on the wire. */
    public static final int TLS_1_0 = 0x0301;

    public static final int TLS_1_1 = 0x0302;
    public static final int TLS_1_2 = 0x0303;
    public static final int TLS_1_3 = 0x0304;

    /** What a client adds when it comes again with a lower version than it could have (RFC 7507 §2). */
    private static final int TLS_FALLBACK_SCSV = 0x5600;

    /** The cipher suites of TLS 1.3, present and future, have this first byte (RFC 8446 Appendix B.4). */
    private static final int TLS_1_3_SUITES = 0x13;

    private final byte[] bytes;
    private final int[] protocolOffsets;
    private final CodeList cipherSuites;
    private final CodeList versions;
    private final CodeList groups;
    private final CodeList signatureSchemes;
    private final CodeList certificateSignatureSchemes;

    private int legacyVersion;
    private int serverNameOffset;
    private int serverNameLength;
    private boolean serverNameAddress;
    private int protocolCount;
    private boolean protocolsPresent;
    private boolean earlyData;
    private boolean preSharedKey;
    private int sessionTicketLength;

    ClientHello(byte[] bytes, int protocolCountMax) {
        this.bytes = bytes;
        this.protocolOffsets = new int[protocolCountMax];
        this.cipherSuites = new CodeList(bytes);
        this.versions = new CodeList(bytes);
        this.groups = new CodeList(bytes);
        this.signatureSchemes = new CodeList(bytes);
        this.certificateSignatureSchemes = new CodeList(bytes);
        clear();
    }

    // ---- versions and suites

    /** The version in the hello itself, which TLS 1.3 no longer believes. */
    public int legacyVersion() {
        return legacyVersion;
    }

    /** The versions of the supported_versions extension (RFC 8446 §4.2.1), by preference. */
    public CodeList versions() {
        return versions;
    }

    /**
     * Whether the client takes {@code version}: by its extension, or without one by the legacy version, which cannot mean
     * more than TLS 1.2 (RFC 8446 §4.2.1).
     */
    public boolean offersVersion(int version) {
        return versions.isPresent()
                ? versions.contains(version)
                : version >= TLS_1_0 && version <= Math.min(legacyVersion, TLS_1_2);
    }

    /** The cipher suites, signalling values included, by preference. */
    public CodeList cipherSuites() {
        return cipherSuites;
    }

    /** Whether there is a cipher suite of TLS 1.3. */
    public boolean offersTls13Suite() {
        for (int i = 0; i < cipherSuites.count(); i++) {
            if (cipherSuites.at(i) >>> 8 == TLS_1_3_SUITES) {
                return true;
            }
        }
        return false;
    }

    /** Whether the client says that it could do better than this hello (RFC 7507). */
    public boolean isFallback() {
        return cipherSuites.contains(TLS_FALLBACK_SCSV);
    }

    // ---- server name

    /** Whether a host name was sent. One that is an address counts as none (see {@link #serverNameIsAddress()}). */
    public boolean hasServerName() {
        return serverNameLength > 0;
    }

    /** Where the host name starts in {@link #bytes()}. It is in lower case, and a trailing dot is left out. */
    public int serverNameOffset() {
        return serverNameOffset;
    }

    /** Length of the host name, or zero when there is none. */
    public int serverNameLength() {
        return serverNameLength;
    }

    /**
     * Whether an IP address was sent as host name. It must not be (RFC 6066 §3), but clients do it that know no name; they
     * get what a client gets that sends no name.
     */
    public boolean serverNameIsAddress() {
        return serverNameAddress;
    }

    // ---- application protocols

    /** Whether there is a list of application protocols (RFC 7301), be it of reserved names only. */
    public boolean hasProtocols() {
        return protocolsPresent;
    }

    /** Number of application protocols. */
    public int protocolCount() {
        return protocolCount;
    }

    /** Where the name of protocol {@code i} starts in {@link #bytes()}; by preference. */
    public int protocolOffset(int i) {
        assert i >= 0 && i < protocolCount;
        return protocolOffsets[i] + 1;
    }

    /** Length of the name of protocol {@code i}, at least one byte. */
    public int protocolLength(int i) {
        assert i >= 0 && i < protocolCount;
        return bytes[protocolOffsets[i]] & 0xFF;
    }

    /** Whether a protocol has exactly this name. */
    public boolean offersProtocol(byte[] name) {
        for (int i = 0; i < protocolCount; i++) {
            int offset = protocolOffset(i);
            int end = offset + protocolLength(i);
            if (Arrays.equals(bytes, offset, end, name, 0, name.length)) {
                return true;
            }
        }
        return false;
    }

    // ---- keys and signatures

    /** The groups for key exchange (RFC 8446 §4.2.7), by preference. */
    public CodeList groups() {
        return groups;
    }

    /** The signatures that the client takes in the handshake, and in certificates unless it says otherwise. */
    public CodeList signatureSchemes() {
        return signatureSchemes;
    }

    /** The signatures that the client takes in certificates (RFC 8446 §4.2.3); absent: the same as in the handshake. */
    public CodeList certificateSignatureSchemes() {
        return certificateSignatureSchemes;
    }

    // ---- resumption

    /** Whether the client means to send data before the handshake is done (RFC 8446 §4.2.10). */
    public boolean offersEarlyData() {
        return earlyData;
    }

    /** Whether the client offers to resume a TLS 1.3 session, or has another key in common (RFC 8446 §4.2.11). */
    public boolean offersPreSharedKey() {
        return preSharedKey;
    }

    /** Length of the TLS 1.2 session ticket (RFC 5077 §3.2): 0 asks for one, −1 when the extension is absent. */
    public int sessionTicketLength() {
        return sessionTicketLength;
    }

    /** The array that offsets point into; lent, not to be changed. */
    public byte[] bytes() {
        return bytes;
    }

    // ---- for the parser

    /** Back to nothing. The bytes stay until the next hello covers them, but nothing points to them. */
    void clear() {
        cipherSuites.clear();
        versions.clear();
        groups.clear();
        signatureSchemes.clear();
        certificateSignatureSchemes.clear();
        legacyVersion = 0;
        serverNameOffset = 0;
        serverNameLength = 0;
        serverNameAddress = false;
        protocolCount = 0;
        protocolsPresent = false;
        earlyData = false;
        preSharedKey = false;
        sessionTicketLength = -1;
    }

    void legacyVersion(int version) {
        legacyVersion = version;
    }

    void serverName(int offset, int length) {
        serverNameOffset = offset;
        serverNameLength = length;
    }

    void onServerNameAddress() {
        serverNameAddress = true;
    }

    void onProtocols() {
        protocolsPresent = true;
    }

    /** Takes the protocol whose length byte is at {@code offset}; there is room for it. */
    void addProtocol(int offset) {
        protocolOffsets[protocolCount++] = offset;
    }

    void onEarlyData() {
        earlyData = true;
    }

    void onPreSharedKey() {
        preSharedKey = true;
    }

    void sessionTicketLength(int length) {
        sessionTicketLength = length;
    }

    /** For logs and failures; allocates. */
    @Override
    public String toString() {
        var text = new StringBuilder("ClientHello[legacyVersion=")
                .append(Integer.toHexString(0x1_0000 | legacyVersion), 1, 5)
                .append(", versions=")
                .append(versions)
                .append(", serverName=")
                .append(serverNameAddress ? "(address)" : text(serverNameOffset, serverNameLength))
                .append(", protocols=[");
        for (int i = 0; i < protocolCount; i++) {
            text.append(i == 0 ? "" : " ").append(text(protocolOffset(i), protocolLength(i)));
        }
        return text.append("], cipherSuites=")
                .append(cipherSuites)
                .append(", groups=")
                .append(groups)
                .append(", signatureSchemes=")
                .append(signatureSchemes)
                .append(", certificateSignatureSchemes=")
                .append(certificateSignatureSchemes)
                .append(", earlyData=")
                .append(earlyData)
                .append(", preSharedKey=")
                .append(preSharedKey)
                .append(", sessionTicketLength=")
                .append(sessionTicketLength)
                .append(']')
                .toString();
    }

    private String text(int offset, int length) {
        return MessageText.of(new String(bytes, offset, length, StandardCharsets.ISO_8859_1));
    }
}
