package dev.headgate.e2e;

import dev.headgate.testkit.Wire;
import dev.headgate.testkit.peer.ProxyHeaderReader;
import dev.headgate.testkit.peer.ScriptedOrigin;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** TLS of the JDK's before a {@link ScriptedOrigin}: together an origin that speaks TLS, and scripts that see the plain bytes. */
public final class SecureOrigin implements AutoCloseable {
    private final ScriptedOrigin scripts;
    private final SSLContext context;
    private final ServerSocket listening;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final List<Handshake> handshakes = new CopyOnWriteArrayList<>();
    private final List<List<String>> offers = new CopyOnWriteArrayList<>();
    private volatile String[] versions = {"TLSv1.3", "TLSv1.2"};
    private volatile List<String> protocols = List.of("h2", "http/1.1");
    private volatile String plainFirst = "";
    private volatile boolean needsClients;
    private volatile boolean truncates;
    private volatile boolean expectsProxyHeader;
    private final List<ProxyHeaderReader.Told> told = new CopyOnWriteArrayList<>();
    private volatile int http2Port;
    private volatile @Nullable CountDownLatch held;

    /**
     * What a client did in a complete handshake.
     *
     * @param serverName it asked for, or ""
     * @param protocol what was agreed on, or ""
     * @param client the name in its certificate, or ""
     */
    public record Handshake(String version, String serverName, String protocol, String client) {}

    private SecureOrigin(ScriptedOrigin scripts, String certificate) throws IOException {
        this.scripts = scripts;
        this.context = OriginCertificates.serverContext(certificate);
        this.listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().name("secure-origin").start(this::accept);
    }

    /** Shows {@code certificate}; its plain bytes come from and go to {@code scripts}, whose life is not its own. */
    public static SecureOrigin before(ScriptedOrigin scripts, String certificate) {
        try {
            return new SecureOrigin(scripts, certificate);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Takes these versions only. */
    public SecureOrigin versions(String... only) {
        versions = only;
        return this;
    }

    /** Chooses among these application protocols, the first that is offered; demands that one is. */
    public SecureOrigin protocols(String... only) {
        protocols = List.of(only);
        return this;
    }

    /** Whoever has agreed on {@code h2} is connected to this port in place of the scripts. */
    public SecureOrigin http2To(int port) {
        http2Port = port;
        return this;
    }

    /** Demands a certificate of its clients. */
    public SecureOrigin needsClients() {
        needsClients = true;
        return this;
    }

    /** Ends connections without close_notify. */
    public SecureOrigin truncates() {
        truncates = true;
        return this;
    }

    /** Each connection has to begin with the header of the PROXY protocol, ahead of TLS. */
    public SecureOrigin expectingProxyHeader() {
        expectsProxyHeader = true;
        return this;
    }

    /** What connections have told of whose they are. */
    public List<ProxyHeaderReader.Told> told() {
        return List.copyOf(told);
    }

    /** Sends this in plain text before any handshake. */
    public SecureOrigin saysFirst(String plain) {
        plainFirst = plain;
        return this;
    }

    /** Begins no handshake before {@code latch} is open. */
    public SecureOrigin heldBy(CountDownLatch latch) {
        held = latch;
        return this;
    }

    public int port() {
        return listening.getLocalPort();
    }

    /** The endpoint as a configuration names it. */
    public String address() {
        return "127.0.0.1:" + port();
    }

    /** The application protocols that clients have offered, for each who has offered any. */
    public List<List<String>> offers() {
        return List.copyOf(offers);
    }

    /** Complete handshakes, in order. */
    public List<Handshake> handshakes() {
        return List.copyOf(handshakes);
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                Socket socket = listening.accept();
                sockets.add(socket);
                Thread.ofVirtual().name("secure-origin-connection").start(() -> serve(socket));
            } catch (IOException e) {
                // The listening socket was closed: the loop condition ends the thread.
            }
        }
    }

    private void serve(Socket raw) {
        try (raw) {
            raw.setTcpNoDelay(true);
            if (expectsProxyHeader) told.add(ProxyHeaderReader.read(raw.getInputStream()));
            raw.getOutputStream().write(Wire.bytes(plainFirst));
            CountDownLatch latch = held;
            if (latch != null) latch.await();
            var secure = (SSLSocket) context.getSocketFactory().createSocket(raw, (InputStream) null, true);
            SSLParameters parameters = secure.getSSLParameters();
            parameters.setProtocols(versions);
            parameters.setNeedClientAuth(needsClients);
            secure.setSSLParameters(parameters);
            secure.setHandshakeApplicationProtocolSelector((client, offered) -> choose(offered));
            secure.startHandshake();
            handshakes.add(seen(secure));
            boolean isHttp2 = http2Port != 0 && secure.getApplicationProtocol().equals("h2");
            int port = isHttp2 ? http2Port : scripts.port();
            try (Socket plain = new Socket(InetAddress.getLoopbackAddress(), port)) {
                plain.setTcpNoDelay(true);
                Thread.ofVirtual().start(() -> passRequests(secure, plain));
                pass(plain.getInputStream(), secure.getOutputStream());
                if (truncates) raw.close();
                secure.close();
            }
        } catch (IOException | InterruptedException e) {
            // The proxy's side is what tests look at.
        }
    }

    /** Null ends the handshake with an alert. */
    private @Nullable String choose(List<String> offered) {
        offers.add(List.copyOf(offered));
        return protocols.stream().filter(offered::contains).findFirst().orElse(null);
    }

    private static void passRequests(SSLSocket secure, Socket plain) {
        try {
            pass(secure.getInputStream(), plain.getOutputStream());
            plain.shutdownOutput();
        } catch (IOException e) {
            // Either end is gone: the scripted connection ends with it.
        }
    }

    private static void pass(InputStream from, OutputStream to) throws IOException {
        byte[] piece = new byte[64 * 1024];
        for (int length = from.read(piece); length >= 0; length = from.read(piece)) {
            to.write(piece, 0, length);
        }
    }

    private static Handshake seen(SSLSocket socket) {
        var session = (ExtendedSSLSession) socket.getSession();
        String name = session.getRequestedServerNames().stream()
                .map(each -> each instanceof SNIHostName host ? host.getAsciiName() : each.toString())
                .findFirst()
                .orElse("");
        return new Handshake(session.getProtocol(), name, socket.getApplicationProtocol(), client(session));
    }

    private static String client(ExtendedSSLSession session) {
        try {
            return ((X509Certificate) session.getPeerCertificates()[0])
                    .getSubjectX500Principal()
                    .getName();
        } catch (SSLPeerUnverifiedException e) {
            return ""; // It has shown none.
        }
    }

    @Override
    public void close() {
        try {
            listening.close();
            for (Socket socket : sockets) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
