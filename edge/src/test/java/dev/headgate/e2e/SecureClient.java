package dev.headgate.e2e;

import dev.headgate.testkit.Await;
import dev.headgate.testkit.TestCertificates;
import dev.headgate.testkit.Wire;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** A blocking client over TLS that trusts the test certificates' root. */
public final class SecureClient implements AutoCloseable {
    private final SSLSocket socket;
    private final InputStream in;

    private SecureClient(SSLSocket socket) throws IOException {
        this.socket = socket;
        this.in = socket.getInputStream();
    }

    /** Connects, asking for {@code name}; the handshake is done at the first byte. */
    public static SecureClient connect(int port, String name) {
        return connect(TestCertificates.clientContext(), port, name);
    }

    /** The same with a context of the test's own, whose sessions may be resumed. */
    public static SecureClient connect(SSLContext context, int port, String name) {
        try {
            Socket plain = new Socket(InetAddress.getLoopbackAddress(), port);
            plain.setSoTimeout((int) Await.DEADLINE.toMillis());
            plain.setTcpNoDelay(true);
            return new SecureClient((SSLSocket) context.getSocketFactory().createSocket(plain, name, port, true));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public SSLSocket socket() {
        return socket;
    }

    /** Sends what {@code script} stands for; see {@link Wire}. */
    public SecureClient send(String script) {
        try {
            socket.getOutputStream().write(Wire.bytes(script));
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads a response with a length, head and content in one text. */
    public String receive() {
        try {
            StringBuilder head = new StringBuilder();
            while (!head.toString().endsWith("\r\n\r\n")) {
                int next = in.read();
                if (next < 0) throw new AssertionError("the connection ended behind: " + head);
                head.append((char) next);
            }
            byte[] content = in.readNBytes(lengthIn(head.toString()));
            return head + new String(content, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int lengthIn(String head) {
        for (String line : head.split("\r\n", -1)) {
            if (line.regionMatches(true, 0, "content-length:", 0, 15)) {
                return Integer.parseInt(line.substring(15).strip());
            }
        }
        return 0;
    }

    /** Reads to the end of the stream. */
    public byte[] receiveAll() throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        in.transferTo(all);
        return all.toByteArray();
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
