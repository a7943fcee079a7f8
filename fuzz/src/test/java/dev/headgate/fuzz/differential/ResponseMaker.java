package dev.headgate.fuzz.differential;

import dev.headgate.fuzz.differential.HeardResponse.Asked;
import dev.headgate.testkit.peer.Response.Framing;
import java.util.List;
import java.util.Random;

/** Makes a valid response of every common kind at random, and the request that it answers. */
final class ResponseMaker {
    private static final String[] METHODS = {"GET", "GET", "GET", "HEAD", "POST", "DELETE"};
    private static final String[] STATUSES = {
        "200 OK",
        "200 OK",
        "200 ",
        "201 Created",
        "204 No Content",
        "206 Partial Content",
        "302 Found",
        "304 Not Modified",
        "404 Not: Found",
        "299 \u00c4h",
        "410 Gone",
        "500 Oh",
        "503 Later"
    };
    private static final String[] FIELDS = {
        "X-One: 1",
        "X-One:",
        "x-two: \ta, b \t",
        "Set-Cookie: a=b",
        "Set-Cookie: c=d; Path=/",
        "ETag: \"\u00e4\"",
        "Location: /x?y",
        "Content-Type: text/html",
        "Cache-Control: no-store",
        "X!#$%&'*+-.^_`|~9: HTTP/1.1 200 OK",
        "Vary: *",
        "Date: Sun, 06 Nov 1994 08:49:37 GMT",
        "Content-Encoding: x"
    };
    private static final String[] PIECES = {
        "x", "0\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "\u0000\u00ff\n", "y".repeat(100)
    };
    private static final String[] EXTENSIONS = {"", "", ";a", ";a=\"b;c\""};

    private final Random random;
    private Asked asked;
    private int headLength;

    ResponseMaker(Random random) {
        this.random = random;
        this.asked = Asked.with(pick(METHODS), random.nextInt(6) == 0 ? "HTTP/1.0" : "HTTP/1.1");
    }

    Asked asked() {
        return asked;
    }

    /** Where the content of what was made begins. */
    int headLength() {
        return headLength;
    }

    /** A response that has content, framed in this way. */
    String makeWithContent(Framing framing) {
        asked = Asked.with(pick("GET", "POST"), asked.version());
        var text = new StringBuilder();
        String status;
        do {
            text.setLength(0);
            status = head(text);
        } while (isBodiless(status));
        framed(text, framing, pick(PIECES));
        return text.toString();
    }

    String make() {
        var text = new StringBuilder();
        String status = head(text);
        if (isBodiless(status)) {
            text.append("\r\n");
        } else {
            Framing framing =
                    List.of(Framing.LENGTH, Framing.CHUNKED, Framing.CLOSE).get(random.nextInt(3));
            framed(text, framing, framing == Framing.LENGTH && random.nextInt(4) == 0 ? "" : pick(PIECES));
        }
        return text.toString();
    }

    private static boolean isBodiless(String status) {
        return status.startsWith("204") || status.startsWith("304");
    }

    /** All but what frames it; answers its status line. */
    private String head(StringBuilder text) {
        if (random.nextInt(8) == 0) {
            text.append("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n");
        }
        String status = pick(STATUSES);
        text.append("HTTP/1.1 ").append(status).append("\r\n");
        for (int i = random.nextInt(4); i > 0; i--) {
            String line = pick(FIELDS) + "\r\n";
            // Most fields must not come twice (RFC 9110 §5.3).
            text.append(text.indexOf(line) < 0 ? line : "");
        }
        return status;
    }

    private void framed(StringBuilder text, Framing framing, String piece) {
        var content = new StringBuilder();
        switch (framing) {
            case LENGTH -> {
                content.append(piece);
                text.append("Content-Length: ").append(content.length()).append("\r\n\r\n");
            }
            case CHUNKED -> {
                text.append("Transfer-Encoding: chunked\r\n\r\n");
                chunks(content);
            }
            case CLOSE, NONE -> {
                text.append("\r\n");
                content.append(piece);
            }
        }
        headLength = text.length();
        if (!asked.method().equals("HEAD")) {
            text.append(content);
        }
    }

    private void chunks(StringBuilder content) {
        for (int i = random.nextInt(3); i >= 0; i--) {
            String piece = pick(PIECES);
            content.append(Integer.toHexString(piece.length())).append(pick(EXTENSIONS));
            content.append("\r\n").append(piece).append("\r\n");
        }
        content.append("0\r\n")
                .append(random.nextInt(4) == 0 ? "X-Sum: 1\r\n" : "")
                .append("\r\n");
    }

    private String pick(String... among) {
        return among[random.nextInt(among.length)];
    }
}
