package dev.headgate.cli.demo;

import java.io.IOException;
import java.util.List;

/** A client that makes the same varied visits each time, so that a training run sees every usual way through the proxy. */
public final class SampleVisitor {
    private static final int REQUESTS_PER_CONNECTION = 50;
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
        try (SampleClient client = SampleClient.connect(port)) {
            for (int i = 0; i < REQUESTS_PER_CONNECTION; i++) {
                exchange(client, i == 0 ? BIG : REQUESTS.get((offset + i) % REQUESTS.size()));
            }
            exchange(client, LAST);
        }
        return REQUESTS_PER_CONNECTION + 1;
    }

    private int visitAlone() throws IOException {
        for (String request : REQUESTS) {
            try (SampleClient client = SampleClient.connect(port)) {
                exchange(client, request);
            }
        }
        return REQUESTS.size();
    }

    private static void exchange(SampleClient client, String request) throws IOException {
        client.send(request);
        if (request.startsWith("HEAD")) {
            client.receiveHead();
        } else {
            client.receive();
        }
    }
}
