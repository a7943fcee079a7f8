package dev.headgate.fuzz.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/** Makes valid requests of every common kind at random; the same seed makes the same ones. */
final class RequestMaker {
    private static final String[] METHODS = {
        "GET", "GET", "GET", "POST", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "PROPFIND", "REPORT"
    };
    private static final String[] SEGMENTS = {
        "a", "index.html", "%C3%A4", "x;y=z", "a,b:c@d", "100%25", "%20", "~u", "!$&'()*+="
    };
    private static final String[] QUERIES = {"", "", "?", "?a=b&c=d", "?a/b?c", "?x=%2F..%2F", "?[1]{2}|", "?a+b%20c"};
    private static final String[] HOSTS = {
        "a", "a.example", "a.example:8080", "127.0.0.1", "[::1]", "[2001:db8::1]:443", "x--y.z"
    };
    private static final String[] NAMES = {
        "X-One", "x-two", "X-THREE", "Accept", "Cookie", "User-Agent", "X!#$%&'*+-.^`|~9"
    };
    private static final String[] VALUES = {
        "", "1", "a, b;q=0.5", "\"q\\\"uoted\"", "a \t b", "\u00e4\u00ff\u00a0", "GET / HTTP/1.1", "0", "x".repeat(300)
    };
    private static final String[] BLANKS = {" ", "", " ", " \t ", "\t"};
    private static final String[] EXTENSIONS = {"", "", "", ";a", ";a=b", ";a=\"b;\\\"c\"", ";a=b;c=d"};
    private static final String[] PIECES = {
        "x", "0\r\n\r\n", "GET /hidden HTTP/1.1\r\nHost: b\r\n\r\n", "\u0000\u00ff\n", "y".repeat(100)
    };

    private final Random random;

    RequestMaker(Random random) {
        this.random = random;
    }

    /** One valid request. */
    RequestParts make() {
        var request = new RequestParts();
        request.method = pick(METHODS);
        request.target = target();
        for (int i = random.nextInt(5); i > 0; i--) {
            request.fields.add(pick(NAMES) + ":" + pick(BLANKS) + pick(VALUES) + pick(BLANKS));
        }
        request.fields.add(random.nextInt(request.fields.size() + 1), "Host: " + pick(HOSTS));
        switch (random.nextInt(3)) {
            case 0 -> withLength(request);
            case 1 -> withChunks(request);
            default -> {} // No content.
        }
        return request;
    }

    /** One valid request that has content, of a length or chunked. */
    RequestParts makeWithContent(boolean hasLength) {
        var request = new RequestParts();
        request.method = pick("POST", "PUT", "PATCH");
        request.target = target();
        request.fields.add("Host: " + pick(HOSTS));
        if (hasLength) {
            String content = pick(PIECES);
            request.fields.add("Content-Length: " + content.length());
            request.content.add(content);
        } else {
            withChunks(request);
        }
        return request;
    }

    private String target() {
        var path = new StringBuilder();
        for (int i = random.nextInt(3); i >= 0; i--) {
            path.append('/').append(pick(SEGMENTS));
        }
        return path + (random.nextInt(4) == 0 ? "/" : "") + pick(QUERIES);
    }

    private void withLength(RequestParts request) {
        String content = random.nextInt(4) == 0 ? "" : pick(PIECES);
        request.fields.add("Content-Length: " + content.length());
        request.content.add(content);
    }

    private void withChunks(RequestParts request) {
        request.isChunked = true;
        request.fields.add("Transfer-Encoding: chunked");
        for (int i = random.nextInt(3); i >= 0; i--) {
            String piece = pick(PIECES);
            String size = Integer.toHexString(piece.length());
            request.content.addAll(List.of(
                    (random.nextBoolean() ? size : "0" + size.toUpperCase(Locale.ROOT)) + pick(EXTENSIONS) + "\r\n",
                    piece,
                    "\r\n"));
        }
        request.content.addAll(List.of("0\r\n", random.nextInt(4) == 0 ? "X-Sum: 1\r\n" : "", "\r\n"));
    }

    /** Some valid requests in a row. */
    List<RequestParts> row() {
        var row = new ArrayList<RequestParts>();
        for (int i = random.nextInt(3); i >= 0; i--) {
            row.add(make());
        }
        return row;
    }

    private String pick(String... among) {
        return among[random.nextInt(among.length)];
    }
}
