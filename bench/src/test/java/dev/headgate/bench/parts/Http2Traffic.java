package dev.headgate.bench.parts;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Kinds of requests by HTTP/2. */
enum Http2Traffic {
    GET_1K("GET /app/1k", 1, 0, 1 << 10, "http/1.1"),
    GET_100K("GET /app/100k", 1, 0, 100 << 10, "http/1.1"),
    POST_10K("POST /app/post", 1, 10 << 10, 2, "http/1.1"),
    /** Ten requests in one segment. */
    GET_1K_TEN_STREAMS("GET /app/1k", 10, 0, 1 << 10, "http/1.1"),
    RESPOND_TEN_STREAMS("GET /respond", 10, 0, 0, "http/1.1"),
    GET_1K_TO_HTTP_2("GET /app/1k", 1, 0, 1 << 10, "h2"),
    GET_1K_TEN_STREAMS_TO_HTTP_2("GET /app/1k", 10, 0, 1 << 10, "h2"),
    POST_10K_TO_HTTP_2("POST /app/post", 1, 10 << 10, 2, "h2");

    private static final String FIELDS =
            " HTTP/1.1\r\nHost: shop.example\r\nUser-Agent: bench/1\r\nAccept: */*\r\n\r\n";
    private static final String ORIGIN_HEAD =
            "HTTP/1.1 200 OK\r\nServer: origin\r\nDate: Sat, 21 Nov 2026 10:00:00 GMT\r\nContent-Type: text/plain\r\n";

    /** The head in the words of HTTP/1.1, without framing. */
    final String head;

    /** Requests of a connection in a round. */
    final int streams;

    final int requestBytes;
    final int answerBytes;

    /** What is spoken with the origin. */
    final String originProtocol;

    Http2Traffic(String line, int streams, int requestBytes, int answerBytes, String originProtocol) {
        this.head = line + FIELDS;
        this.streams = streams;
        this.requestBytes = requestBytes;
        this.answerBytes = answerBytes;
        this.originProtocol = originProtocol;
    }

    boolean isOriginHttp2() {
        return originProtocol.equals("h2");
    }

    static ByteBuffer originHead() {
        return ByteBuffer.wrap((ORIGIN_HEAD + "\r\n").getBytes(StandardCharsets.US_ASCII));
    }

    /** An origin's whole answer by HTTP/1.1. */
    byte[] originAnswer() {
        String head = ORIGIN_HEAD + "Content-Length: " + answerBytes + "\r\n\r\n";
        return (head + "x".repeat(answerBytes)).getBytes(StandardCharsets.US_ASCII);
    }
}
