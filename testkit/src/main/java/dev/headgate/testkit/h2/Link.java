package dev.headgate.testkit.h2;

import dev.headgate.testkit.Await;
import dev.headgate.testkit.peer.RawClient;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/**
 * What carries the bytes, in plain or in TLS. Reads that take too long end with a {@link java.net.SocketTimeoutException}.
 *
 * @param close ends the connection
 */
record Link(InputStream in, OutputStream out, Runnable close, Runnable halfClose) {
    static Link plain(RawClient client) {
        return new Link(client.input(), client.output(), client::close, client::halfClose);
    }

    /** A handshake that offers these protocols by ALPN, of which the first has to be agreed on. */
    static Link tls(SSLContext context, int port, String name, String... protocols) throws IOException {
        Socket plain = new Socket(InetAddress.getLoopbackAddress(), port);
        plain.setSoTimeout((int) Await.DEADLINE.toMillis());
        plain.setTcpNoDelay(true);
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(plain, name, port, true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setApplicationProtocols(protocols);
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        String agreed = socket.getApplicationProtocol();
        if (!protocols[0].equals(agreed)) {
            throw new AssertionError("agreed on \"" + agreed + "\" instead of " + protocols[0]);
        }
        return new Link(
                socket.getInputStream(),
                socket.getOutputStream(),
                () -> quietly(socket::close),
                () -> quietly(socket::shutdownOutput));
    }

    private interface Ending {
        void end() throws IOException;
    }

    private static void quietly(Ending ending) {
        try {
            ending.end();
        } catch (IOException _) {
            // Nothing depends on how a test's own socket ends.
        }
    }
}
