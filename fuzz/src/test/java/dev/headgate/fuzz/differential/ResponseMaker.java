package dev.headgate.fuzz.differential;

import dev.headgate.fuzz.differential.HeardResponse.Asked;
import dev.headgate.testkit.peer.Response.Framing;
import java.util.List;
import java.util.Random;

/** Makes valid responses of every common kind at random, and the requests that they answer. */
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

    ResponseMaker(Random random) {
        this.random = random;
        this.asked = Asked.with(pick(METHODS), random.nextInt(6) == 0 ? "HTTP/1.0" : "HTTP/1.1");
    }

    Asked asked() {
        return asked;
    }

    /** A response of any kind. */
    ResponseParts make() {
        var response = head();
        String status = response.status.strip();
        if (!isBodiless(status)) {
            Framing framing =
                    List.of(Framing.LENGTH, Framing.CHUNKED, Framing.CLOSE).get(random.nextInt(3));
            frame(response, framing, framing == Framing.LENGTH && random.nextInt(4) == 0 ? "" : pick(PIECES));
        }
        response.isHeadOnly = asked.method().equals("HEAD");
        return response;
    }

    /** One that has content, framed in this way. */
    ResponseParts makeWithContent(Framing framing) {
        asked = Asked.with(pick("GET", "POST"), asked.version());
        ResponseParts response;
        do {
            response = head();
        } while (isBodiless(response.status.strip()));
        frame(response, framing, pick(PIECES));
        return response;
    }

    private static boolean isBodiless(String status) {
        return status.equals("204") || status.equals("304");
    }

    /** All but what frames it. */
    private ResponseParts head() {
        var response = new ResponseParts();
        if (random.nextInt(8) == 0) {
            response.before = "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n";
        }
        String status = pick(STATUSES);
        response.status = " " + status.substring(0, 3);
        response.reason = status.substring(3);
        for (int i = random.nextInt(4); i > 0; i--) {
            String line = pick(FIELDS);
            // Most fields must not come twice (RFC 9110 §5.3).
            if (!response.fields.contains(line)) {
                response.fields.add(line);
            }
        }
        return response;
    }

    private void frame(ResponseParts response, Framing framing, String piece) {
        response.framing = framing;
        switch (framing) {
            case LENGTH -> {
                response.fields.add("Content-Length: " + piece.length());
                response.content.add(piece);
            }
            case CHUNKED -> {
                response.fields.add("Transfer-Encoding: chunked");
                chunks(response.content);
            }
            case CLOSE, NONE -> response.content.add(piece);
        }
    }

    private void chunks(List<String> content) {
        for (int i = random.nextInt(3); i >= 0; i--) {
            String piece = pick(PIECES);
            content.addAll(List.of(Integer.toHexString(piece.length()) + pick(EXTENSIONS) + "\r\n", piece, "\r\n"));
        }
        content.addAll(List.of("0\r\n", random.nextInt(4) == 0 ? "X-Sum: 1\r\n" : "", "\r\n"));
    }

    private String pick(String... among) {
        return among[random.nextInt(among.length)];
    }
}
