package dev.headgate.cli.demo;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A client that makes the same varied visits each time, so that a training run sees every usual way through the proxy. */
public final class SampleVisitor {
    private static final int REQUESTS_PER_CONNECTION = 50;
    private static final int READ_TIMEOUT_MS = 10_000;
    private static final String HOST = "Host: localhost\r\nUser-Agent: sample-visitor\r\nAccept: */*\r\n";

    private static final List<String> REQUESTS = List.of(
            "GET /one/ HTTP/1.1\r\n" + HOST + "\r\n",
            "GET /two/a/b?c=d HTTP/1.1\r\n" + HOST + "Accept-Encoding: gzip, br\r\nCookie: a=b; c=d\r\n\r\n",
            "HEAD /both/ HTTP/1.1\r\n" + HOST + "\r\n",
            "POST /one/form HTTP/1.1\r\n" + HOST + "Content-Length: 11\r\n\r\nhello world",
            "POST /two/form HTTP/1.1\r\n" + HOST
                    + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n",
            "GET /hello HTTP/1.1\r\n" + HOST + "\r\n",
            "GET /old/page HTTP/1.1\r\n" + HOST + "\r\n",
            "GET /nowhere HTTP/1.1\r\n" + HOST + "\r\n",
            "GET /both/x%20y/../z HTTP/1.1\r\n" + HOST + "X-Forwarded-For: 192.0.2.1\r\n\r\n",
            "GET /one/ HTTP/1.1\r\n" + HOST + "If-None-Match: \"x\"\r\nCache-Control: no-cache\r\n\r\n");
    private static final String BIG = "GET /big HTTP/1.1\r\n" + HOST + "\r\n";
    private static final String LAST = "GET /both/ HTTP/1.1\r\n" + HOST + "Connection: close\r\n\r\n";

    private final int port;

    /** A visitor of the proxy at {@code port} of the loopback address. */
    public SampleVisitor(int port) {
        this.port = port;
    }

    /** Makes at least {@code count} requests, most on kept connections and some each on its own. */
    public void visit(int count) throws IOException {
        int done = 0;
        while (done < count) {
            done += visitOnOneConnection(done);
            done += visitAlone();
        }
    }

    private int visitOnOneConnection(int offset) throws IOException {
        try (Socket socket = connect()) {
            InputStream in = new BufferedInputStream(socket.getInputStream());
            OutputStream out = socket.getOutputStream();
            for (int i = 0; i < REQUESTS_PER_CONNECTION; i++) {
                String request = i == 0 ? BIG : REQUESTS.get((offset + i) % REQUESTS.size());
                exchange(request, in, out);
            }
            exchange(LAST, in, out);
        }
        return REQUESTS_PER_CONNECTION + 1;
    }

    private int visitAlone() throws IOException {
        for (int i = 0; i < REQUESTS.size(); i++) {
            try (Socket socket = connect()) {
                exchange(REQUESTS.get(i), new BufferedInputStream(socket.getInputStream()), socket.getOutputStream());
            }
        }
        return REQUESTS.size();
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(READ_TIMEOUT_MS);
        return socket;
    }

    private static void exchange(String request, InputStream in, OutputStream out) throws IOException {
        out.write(request.getBytes(StandardCharsets.US_ASCII));
        out.flush();
        List<String> head = SampleMessage.readHead(in);
        if (head.isEmpty()) throw new IOException("the connection was closed instead of an answer");
        if (!request.startsWith("HEAD")) SampleMessage.skipContent(head, in);
    }
}
