package dev.headgate.testkit.peer;

import dev.headgate.testkit.Wire;
import java.io.IOException;

/**
 * What an origin does with one request. Runs on the connection's virtual thread, so it may block. A script that returns
 * leaves the connection open for the next request, once the rest of the request's content has been read.
 */
@FunctionalInterface
public interface OriginScript {
    void run(OriginExchange exchange) throws IOException;

    /** Reads the whole request and answers 200 with {@code body} and its length. */
    static OriginScript ok(String body) {
        return exchange -> exchange.respond(200, body);
    }

    /** Reads the whole request and sends exactly what {@code bytes} stands for. */
    static OriginScript fixed(String bytes) {
        return exchange -> {
            exchange.readContent();
            exchange.send(bytes);
        };
    }

    /** Like {@link #fixed}, but with each byte in a segment of its own. */
    static OriginScript dripped(String bytes) {
        return exchange -> {
            exchange.readContent();
            for (byte b : Wire.bytes(bytes)) {
                exchange.send(new byte[] {b});
            }
        };
    }

    /** Like {@link #fixed}, then ends the connection in an orderly way. */
    static OriginScript fixedThenClose(String bytes) {
        return fixed(bytes).then(OriginExchange::close);
    }

    /** Like {@link #fixed}, then resets the connection. */
    static OriginScript fixedThenReset(String bytes) {
        return fixed(bytes).then(OriginExchange::reset);
    }

    /** Reads the request and never answers; ends when the peer does. */
    static OriginScript stall() {
        return exchange -> {
            exchange.readContent();
            exchange.awaitPeerEnd();
        };
    }

    /** Like {@link #fixed}, then keeps silent until the peer ends the connection. */
    static OriginScript fixedThenStall(String bytes) {
        return fixed(bytes).then(OriginExchange::awaitPeerEnd);
    }

    /** Ends the connection without an answer. */
    static OriginScript closeWithoutAnswer() {
        return exchange -> {
            exchange.readContent();
            exchange.close();
        };
    }

    /** Answers 200 with the request's content, framed by length. */
    static OriginScript echo() {
        return exchange -> exchange.respond(200, exchange.readContent());
    }

    /** Sends {@code count} times 103, then 200. */
    static OriginScript interimFlood(int count) {
        return exchange -> {
            exchange.readContent();
            for (int i = 0; i < count; i++) {
                exchange.send("HTTP/1.1 103 Early Hints␍␊Link: </" + i + ".css>␍␊␍␊");
            }
            exchange.respond(200, "after hints");
        };
    }

    /** Runs this script, then {@code next}. */
    default OriginScript then(OriginScript next) {
        return exchange -> {
            run(exchange);
            next.run(exchange);
        };
    }
}
