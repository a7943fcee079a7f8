package dev.headgate.fuzz.differential;

import dev.headgate.testkit.peer.Response.Framing;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.BiConsumer;

/**
 * One way in which a response is made odd. Each constant is named as the vector of the corpus that shows it alone, so
 * that the quirk list speaks of both.
 */
enum ResponseTwist {
    REASON_EMPTY((r, _) -> r.reason = " "),
    REASON_MISSING_SPACE((r, _) -> r.reason = ""),
    REASON_ODD((r, _) -> r.reason = " \u00c4 \tok: \"yes\""),
    REASON_CONTROL((r, _) -> r.reason = " O\u0001K"),
    STATUS_TWO_DIGITS((r, _) -> status(r, " 20")),
    STATUS_FOUR_DIGITS((r, _) -> status(r, " 2000")),
    STATUS_UNKNOWN((r, _) -> status(r, " 299")),
    STATUS_600((r, _) -> status(r, " 600")),
    STATUS_TWO_SPACES((r, _) -> r.status = " " + r.status),
    VERSION_12((r, _) -> r.version = "HTTP/1.2"),
    VERSION_20((r, _) -> r.version = "HTTP/2.0"),
    VERSION_LOWER((r, _) -> r.version = "http/1.1"),
    VERSION_10_CHUNKED((r, random) -> {
        chunk(r, random);
        r.version = "HTTP/1.0";
    }),
    LINE_LEADING_CRLF((r, _) -> r.before = "\r\n" + r.before),
    LINE_LF_FIELD((r, _) -> {
        r.fields.addFirst("X-Line: 1");
        r.fieldEnd = "\n";
    }),
    LINE_CR_IN_VALUE((r, random) -> field(r, random, "X-One: 1\rX-Two: 2")),
    FOLD((r, random) -> field(r, random, "X-Fold: 1\r\n 2")),
    COLON_SPACE_BEFORE((r, random) -> field(r, random, "X-One : 1")),
    COLON_MISSING((r, random) -> field(r, random, "X-One")),
    VALUE_NUL((r, random) -> field(r, random, "X-One: a\0b")),
    VALUE_CONTROL((r, random) -> field(r, random, "X-One: a\u0001b")),
    VALUE_OBS_TEXT((r, random) -> field(r, random, "X-Obs: \u00e4\u00ff")),
    VALUE_EMPTY((r, random) -> field(r, random, "X-Empty:")),
    NAME_PARENTHESIS((r, random) -> field(r, random, "X(One): 1")),
    CONTENT_TYPE_TWICE((r, _) -> {
        r.fields.removeIf(line -> line.startsWith("Content-Type"));
        r.fields.addAll(0, List.of("Content-Type: text/html", "Content-Type: text/plain"));
    }),
    CONNECTION_NAMES_FIELD((r, _) -> r.fields.addAll(0, List.of("Connection: x-named", "X-Named: 1"))),
    CL_THEN_TE((r, random) -> {
        chunk(r, random);
        r.fields.add(r.fields.size() - 1, "Content-Length: 4");
    }),
    TE_THEN_CL((r, random) -> {
        chunk(r, random);
        r.fields.add("Content-Length: 4");
    }),
    TE_CASE((r, random) -> coding(r, random, "Transfer-Encoding: CHUNKED")),
    TE_GZIP_CHUNKED((r, random) -> coding(r, random, "Transfer-Encoding: gzip, chunked")),
    TE_TWICE((r, random) -> {
        chunk(r, random);
        r.fields.add("Transfer-Encoding: chunked");
    }),
    TE_UNKNOWN((r, _) -> length(r, "Transfer-Encoding: gzip")),
    TE_IDENTITY((r, _) -> length(r, "Transfer-Encoding: identity", "Content-Length: 3")),
    CL_TWICE_EQUAL((r, _) -> length(r, "Content-Length: 3", "Content-Length: 3")),
    CL_TWICE_UNEQUAL((r, _) -> length(r, "Content-Length: 3", "Content-Length: 2")),
    CL_LIST_EQUAL((r, _) -> length(r, "Content-Length: 3, 3")),
    CL_PLUS((r, _) -> length(r, "Content-Length: +3")),
    CL_LEADING_ZERO((r, _) -> length(r, "Content-Length: 03")),
    CL_EMPTY((r, _) -> length(r, "Content-Length:")),
    CL_TOO_LONG((r, _) -> length(r, "Content-Length: 9")),
    CHUNK_EXTENSION((r, random) -> chunkLine(r, random, "", ";a=b\r\n")),
    CHUNK_SIZE_LF((r, random) -> chunkLine(r, random, "", "\n")),
    CHUNK_SIZE_TRAILING_SPACE((r, random) -> chunkLine(r, random, "", " \r\n")),
    CHUNK_SIZE_PLUS((r, random) -> chunkLine(r, random, "+", "\r\n")),
    CHUNK_DATA_TOO_LONG((r, random) -> {
        chunk(r, random);
        r.content.set(3 * random.nextInt((r.content.size() - 3) / 3) + 2, "XX");
    }),
    CHUNKED_LAST_MISSING((r, random) -> {
        chunk(r, random);
        r.content.subList(r.content.size() - 3, r.content.size()).clear();
        r.content.addAll(List.of("", "", ""));
    }),
    CHUNKED_END_MISSING((r, random) -> {
        chunk(r, random);
        r.content.set(r.content.size() - 2, "");
        r.content.set(r.content.size() - 1, "");
    }),
    TRAILER((r, random) -> trailer(r, random, "X-Sum: 1\r\n")),
    TRAILER_LENGTH((r, random) -> trailer(r, random, "Content-Length: 9\r\nSet-Cookie: a=b\r\n"));

    private final BiConsumer<ResponseParts, Random> change;

    ResponseTwist(BiConsumer<ResponseParts, Random> change) {
        this.change = change;
    }

    /**
     * Whether nothing else can be seen of a response to which this was done: nginx passes on the one, and HAProxy the other, in a form that
     * is not canonical, also where they break it off.
     */
    boolean isAlone() {
        return this == REASON_MISSING_SPACE || this == TE_CASE;
    }

    /** The name of its vector. */
    String vector() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    void apply(ResponseParts response, Random random) {
        change.accept(response, random);
        response.twists.add(vector());
    }

    /** The status decides on content: one that has none keeps its own. */
    private static void status(ResponseParts response, String status) {
        if (response.framing != Framing.NONE) {
            response.status = status;
        } else {
            length(response, "Content-Length: 3");
            response.status = status;
        }
    }

    private static void field(ResponseParts response, Random random, String line) {
        response.fields.add(random.nextInt(response.fields.size() + 1), line);
    }

    private static void hasContent(ResponseParts response) {
        response.fields.removeIf(line -> line.startsWith("Content-Length") || line.startsWith("Transfer-Encoding"));
        if (response.status.equals(" 204") || response.status.equals(" 304")) {
            response.status = " 200";
        }
    }

    private static void chunk(ResponseParts response, Random random) {
        if (response.framing == Framing.CHUNKED) {
            return;
        }
        hasContent(response);
        response.framing = Framing.CHUNKED;
        response.fields.add("Transfer-Encoding: chunked");
        response.content.clear();
        response.content.addAll(
                random.nextBoolean()
                        ? List.of("3\r\n", "abc", "\r\n", "0\r\n", "", "\r\n")
                        : List.of("3\r\n", "abc", "\r\n", "2\r\n", "de", "\r\n", "0\r\n", "", "\r\n"));
    }

    private static void coding(ResponseParts response, Random random, String line) {
        chunk(response, random);
        response.fields.replaceAll(field -> field.startsWith("Transfer-Encoding:") ? line : field);
    }

    private static void length(ResponseParts response, String... lines) {
        hasContent(response);
        response.framing = Framing.LENGTH;
        response.content.clear();
        response.content.add("abc");
        response.fields.addAll(List.of(lines));
    }

    private static void chunkLine(ResponseParts response, Random random, String before, String rest) {
        chunk(response, random);
        int index = 3 * random.nextInt((response.content.size() - 3) / 3);
        String size = response.content.get(index).split("[;\r\n ]", -1)[0];
        response.content.set(index, before + size + rest);
    }

    private static void trailer(ResponseParts response, Random random, String lines) {
        chunk(response, random);
        response.content.set(response.content.size() - 2, lines);
    }
}
