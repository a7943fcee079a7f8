package dev.headgate.fuzz.differential;

import dev.headgate.fuzz.differential.HeardResponse.Asked;
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
    private final Asked asked;

    ResponseMaker(Random random) {
        this.random = random;
        this.asked = Asked.with(pick(METHODS), random.nextInt(6) == 0 ? "HTTP/1.0" : "HTTP/1.1");
    }

    Asked asked() {
        return asked;
    }

    String make() {
        var text = new StringBuilder();
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
        boolean isBodiless = status.startsWith("204") || status.startsWith("304");
        if (isBodiless) {
            text.append("\r\n");
        } else {
            framed(text);
        }
        return text.toString();
    }

    private void framed(StringBuilder text) {
        var content = new StringBuilder();
        switch (random.nextInt(3)) {
            case 0 -> {
                content.append(random.nextInt(4) == 0 ? "" : pick(PIECES));
                text.append("Content-Length: ").append(content.length()).append("\r\n\r\n");
            }
            case 1 -> {
                text.append("Transfer-Encoding: chunked\r\n\r\n");
                chunks(content);
            }
            default -> {
                text.append("\r\n");
                content.append(pick(PIECES));
            }
        }
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

    private String pick(String[] among) {
        return among[random.nextInt(among.length)];
    }
}
