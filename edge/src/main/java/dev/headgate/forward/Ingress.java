package dev.headgate.forward;

import dev.headgate.engine.Immutable;
import java.nio.charset.StandardCharsets;

/** How requests reach a listener, in the words of the forwarding fields; one per listener. */
@Immutable
public final class Ingress {
    /** Longest text of a port. */
    static final int PORT_LENGTH_MAX = 5;

    /** Longest text of a scheme. */
    static final int SCHEME_LENGTH_MAX = 5;

    /** The scheme that clients use. */
    public enum Scheme {
        HTTP,
        HTTPS
    }

    private final byte[] scheme;
    private final byte[] port;
    private final FirstHopTemplate[] firstHops = new FirstHopTemplate[4];

    /**
     * A listener on a TCP port; for one on a Unix-domain socket {@code port} is the port of the scheme.
     *
     * @param port 1 to 65535
     */
    public Ingress(Scheme scheme, int port) {
        if (port < 1 || port > 0xffff) {
            throw new IllegalArgumentException("port out of range: port=" + port);
        }
        this.scheme = (scheme == Scheme.HTTP ? "http" : "https").getBytes(StandardCharsets.US_ASCII);
        this.port = Integer.toString(port).getBytes(StandardCharsets.US_ASCII);
        String name = new String(this.scheme, StandardCharsets.US_ASCII);
        for (boolean isIpv6 : new boolean[] {false, true}) {
            for (boolean isHostQuoted : new boolean[] {false, true}) {
                firstHops[indexOf(isIpv6, isHostQuoted)] = FirstHopTemplate.of(name, port, isIpv6, isHostQuoted);
            }
        }
    }

    private static int indexOf(boolean isIpv6, boolean isHostQuoted) {
        return (isIpv6 ? 2 : 0) + (isHostQuoted ? 1 : 0);
    }

    FirstHopTemplate firstHop(boolean isIpv6, boolean isHostQuoted) {
        return firstHops[indexOf(isIpv6, isHostQuoted)];
    }

    byte[] scheme() {
        return scheme;
    }

    byte[] port() {
        return port;
    }
}
