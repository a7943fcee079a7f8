package dev.headgate.bench.parts;

import static dev.headgate.bench.parts.Traffic.Connections.FRESH;
import static dev.headgate.bench.parts.Traffic.Connections.KEPT;

import java.nio.charset.StandardCharsets;

/** Kinds of requests, as clients send them, with the origin's answers. */
public enum Traffic {
    GET_1K("GET", "/app/1k", "", "", 1, KEPT, KEPT, byLength(1 << 10)),
    GET_100K("GET", "/app/100k", "", "", 1, KEPT, KEPT, byLength(100 << 10)),
    GET_CHUNKED("GET", "/app/chunked", "", "", 1, KEPT, KEPT, chunked(4, 1 << 10)),
    POST_10K("POST", "/app/post", length(10 << 10), "p".repeat(10 << 10), 1, KEPT, KEPT, byLength(2)),
    POST_CHUNKED("POST", "/app/post", "Transfer-Encoding: chunked\r\n", chunks(4, 1 << 10), 1, KEPT, KEPT, byLength(2)),
    /** Ten requests in one segment. */
    PIPELINED_10("GET", "/app/1k", "", "", 10, KEPT, KEPT, byLength(1 << 10)),
    RESPOND("GET", "/respond", "", "", 1, KEPT, KEPT, new byte[0]),
    REDIRECT("GET", "/redirect", "", "", 1, KEPT, KEPT, new byte[0]),
    /** A connection for each request, ended by the proxy as the request asks. */
    NEW_CONNECTION("GET", "/app/1k", "Connection: close\r\n", "", 1, FRESH, KEPT, byLength(1 << 10)),
    /** An origin that ends its connection after each answer. */
    NEW_UPSTREAM_CONNECTION("GET", "/app/1k", "", "", 1, KEPT, FRESH, closing(1 << 10));

    /** Whether connections are kept. */
    enum Connections {
        KEPT,
        FRESH
    }

    /** All requests that are sent at once. */
    final byte[] requests;

    final int depth;
    final Connections downstream;
    final Connections upstream;
    final byte[] originAnswer;

    Traffic(
            String method,
            String path,
            String fields,
            String content,
            int depth,
            Connections downstream,
            Connections upstream,
            byte[] originAnswer) {
        String request =
                method + " " + path + " HTTP/1.1\r\nHost: shop.example\r\nUser-Agent: bench/1\r\nAccept: */*\r\n"
                        + fields + "\r\n" + content;
        this.requests = ascii(request.repeat(depth));
        this.depth = depth;
        this.downstream = downstream;
        this.upstream = upstream;
        this.originAnswer = originAnswer;
    }

    private static byte[] byLength(int contentBytes) {
        return answer(length(contentBytes), "x".repeat(contentBytes));
    }

    private static byte[] closing(int contentBytes) {
        return answer("Connection: close\r\n" + length(contentBytes), "x".repeat(contentBytes));
    }

    private static byte[] chunked(int chunks, int chunkBytes) {
        return answer("Transfer-Encoding: chunked\r\n", chunks(chunks, chunkBytes));
    }

    private static String length(int contentBytes) {
        return "Content-Length: " + contentBytes + "\r\n";
    }

    private static String chunks(int chunks, int chunkBytes) {
        String chunk = Integer.toHexString(chunkBytes) + "\r\n" + "x".repeat(chunkBytes) + "\r\n";
        return chunk.repeat(chunks) + "0\r\n\r\n";
    }

    private static byte[] answer(String framing, String content) {
        return ascii("HTTP/1.1 200 OK\r\nServer: origin\r\nDate: Sat, 21 Nov 2026 10:00:00 GMT\r\n"
                + "Content-Type: text/plain\r\n" + framing + "\r\n" + content);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
