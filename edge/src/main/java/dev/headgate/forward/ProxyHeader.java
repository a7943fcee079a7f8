package dev.headgate.forward;

import dev.headgate.forward.ToldClient.Certificate;
import dev.headgate.forward.ToldClient.Node;
import dev.headgate.forward.ToldClient.Secured;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The header of the PROXY protocol, with which a connection tells whose it is before anything else is sent (HAProxy's {@code
 * proxy-protocol.txt}, sections 2.1 and 2.2).
 *
 * <p>Where one of the two addresses is of IPv4 and the other of IPv6, both are told as IPv6. A client without an address, as one of a Unix-domain
 * socket, is told as unknown. Made once per connection, so it may allocate.
 */
public final class ProxyHeader {
    /** The forms of the header. */
    public enum Version {
        /** A line of text. */
        V1,
        /** Binary. */
        V2
    }

    private static final int BYTES_MAX = 2048;
    private static final int PORT_BITS = 16;

    private static final byte[] SIGNATURE = {0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a};
    private static final byte LOCAL = 0x20; // version 2, and the command
    private static final byte PROXY = 0x21;
    private static final byte UNSPECIFIED = 0x00;
    private static final byte TCP_OVER_IPV4 = 0x11;
    private static final byte TCP_OVER_IPV6 = 0x21;

    private static final int TYPE_ALPN = 0x01;
    private static final int TYPE_AUTHORITY = 0x02;
    private static final int TYPE_SSL = 0x20;
    private static final int SUBTYPE_SSL_VERSION = 0x21;
    private static final int SUBTYPE_SSL_CIPHER = 0x23;

    // Bits of the client field of TYPE_SSL.
    private static final int CLIENT_SSL = 0x01;
    private static final int CLIENT_CERT_CONN = 0x02;
    private static final int CLIENT_CERT_SESS = 0x04;

    private static final int VERIFIED = 0;
    private static final int NOT_VERIFIED = 1;

    private ProxyHeader() {}

    /** Of a connection that the proxy makes for itself, such as one for a check. */
    public static byte[] own(Version version) {
        ByteBuffer out = ByteBuffer.allocate(BYTES_MAX);
        if (version == Version.V1) {
            putUnknown(out);
        } else {
            putBinary(out, LOCAL, null);
        }
        return taken(out);
    }

    /** Of a connection for a client. */
    public static byte[] of(Version version, ToldClient client) {
        ByteBuffer out = ByteBuffer.allocate(BYTES_MAX);
        if (version == Version.V2) {
            putBinary(out, PROXY, client.hasAddresses() ? client : null);
        } else if (client.hasAddresses()) {
            putLine(out, client);
        } else {
            putUnknown(out);
        }
        return taken(out);
    }

    private static byte[] taken(ByteBuffer out) {
        byte[] bytes = new byte[out.position()];
        out.flip().get(bytes);
        return bytes;
    }

    private static Node present(@Nullable Node node) {
        if (node == null) {
            throw new IllegalArgumentException("no address");
        }
        return node;
    }

    private static boolean isIpv4(ToldClient client) {
        return present(client.source()).isIpv4()
                && present(client.destination()).isIpv4();
    }

    // ---- version 1 -------------------------------------------------------------------------------------------------

    private static void putUnknown(ByteBuffer out) {
        putAscii(out, "PROXY UNKNOWN\r\n");
    }

    private static void putLine(ByteBuffer out, ToldClient client) {
        boolean isIpv4 = isIpv4(client);
        Node source = present(client.source());
        Node destination = present(client.destination());
        putAscii(out, isIpv4 ? "PROXY TCP4 " : "PROXY TCP6 ");
        putText(out, source, isIpv4);
        out.put((byte) ' ');
        putText(out, destination, isIpv4);
        putAscii(out, " " + source.port() + " " + destination.port() + "\r\n");
    }

    private static void putText(ByteBuffer out, Node node, boolean isIpv4) {
        if (isIpv4 || !node.isIpv4()) {
            IpText.write(node.high(), node.low(), out);
        } else {
            // Groups of hexadecimal digits are all that the protocol knows of IPv6: no dots.
            int upper = (int) (node.low() >>> PORT_BITS) & 0xffff;
            int lower = (int) node.low() & 0xffff;
            putAscii(out, "::ffff:" + Integer.toHexString(upper) + ":" + Integer.toHexString(lower));
        }
    }

    // ---- version 2 -------------------------------------------------------------------------------------------------

    /** @param client null when nothing is told */
    private static void putBinary(ByteBuffer out, byte command, @Nullable ToldClient client) {
        out.put(SIGNATURE).put(command);
        if (client == null) {
            out.put(UNSPECIFIED).putShort((short) 0);
            return;
        }
        boolean isIpv4 = isIpv4(client);
        out.put(isIpv4 ? TCP_OVER_IPV4 : TCP_OVER_IPV6);
        int lengthAt = out.position();
        out.putShort((short) 0);
        putAddress(out, present(client.source()), isIpv4);
        putAddress(out, present(client.destination()), isIpv4);
        out.putShort((short) present(client.source()).port());
        out.putShort((short) present(client.destination()).port());
        putWhatElseIsKnown(out, client);
        out.putShort(lengthAt, (short) (out.position() - lengthAt - Short.BYTES));
    }

    private static void putAddress(ByteBuffer out, Node node, boolean isIpv4) {
        if (isIpv4) {
            out.putInt((int) node.low());
        } else {
            out.putLong(node.high()).putLong(node.low());
        }
    }

    private static void putWhatElseIsKnown(ByteBuffer out, ToldClient client) {
        Secured secured = client.secured();
        String protocol = secured == null ? null : secured.applicationProtocol();
        if (protocol != null) {
            putText(out, TYPE_ALPN, protocol);
        }
        String name = client.serverName();
        if (name != null) {
            putText(out, TYPE_AUTHORITY, name);
        }
        if (secured != null) {
            putSsl(out, secured);
        }
    }

    private static void putSsl(ByteBuffer out, Secured secured) {
        out.put((byte) TYPE_SSL);
        int lengthAt = out.position();
        out.putShort((short) 0);
        out.put((byte) clientBits(secured));
        out.putInt(secured.certificate() == Certificate.VERIFIED ? VERIFIED : NOT_VERIFIED);
        putText(out, SUBTYPE_SSL_VERSION, secured.version());
        putText(out, SUBTYPE_SSL_CIPHER, secured.cipherSuite());
        out.putShort(lengthAt, (short) (out.position() - lengthAt - Short.BYTES));
    }

    private static int clientBits(Secured secured) {
        if (secured.certificate() == Certificate.NONE) {
            return CLIENT_SSL;
        }
        return CLIENT_SSL | CLIENT_CERT_SESS | (secured.isResumed() ? 0 : CLIENT_CERT_CONN);
    }

    private static void putText(ByteBuffer out, int type, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.put((byte) type).putShort((short) bytes.length).put(bytes);
    }

    private static void putAscii(ByteBuffer out, String text) {
        out.put(text.getBytes(StandardCharsets.US_ASCII));
    }
}
