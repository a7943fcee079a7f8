package dev.headgate.fuzz.differential;

import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.BiConsumer;

/**
 * One way in which a request is made odd. Each constant is named as the vector of the corpus that shows it alone, so
 * that the quirk list speaks of both.
 */
enum RequestTwist {
    CL_THEN_TE((r, _) -> {
        r.fields.removeIf(line -> line.startsWith("Content-Length"));
        r.fields.add("Content-Length: 6");
        chunk(r);
    }),
    TE_THEN_CL((r, _) -> {
        chunk(r);
        r.fields.removeIf(line -> line.startsWith("Content-Length"));
        r.fields.add("Content-Length: 4");
    }),
    TE_CASE((r, _) -> coding(r, "Transfer-Encoding: chunKED")),
    TE_GZIP_CHUNKED((r, _) -> coding(r, "Transfer-Encoding: gzip, chunked")),
    TE_EMPTY((r, _) -> length(r, "Content-Length: 3", "Transfer-Encoding:")),
    TE_AND_EMPTY((r, _) -> {
        chunk(r);
        r.fields.add("Transfer-Encoding:");
    }),
    TE_TAB((r, _) -> coding(r, "Transfer-Encoding:\tchunked\t")),
    TE_LIST_EMPTY_ELEMENT((r, _) -> coding(r, "Transfer-Encoding: ,chunked")),
    TE_VERTICAL_TAB((r, _) -> coding(r, "Transfer-Encoding: \u000bchunked")),
    TE_UNDERSCORE((r, _) -> r.fields.add("Transfer_Encoding: chunked")),
    TE_SPACE_COLON((r, _) -> r.fields.add("Transfer-Encoding : chunked")),
    CL_TWICE_EQUAL((r, _) -> length(r, "Content-Length: 3", "Content-Length: 3")),
    CL_TWICE_UNEQUAL((r, _) -> length(r, "Content-Length: 3", "Content-Length: 0")),
    CL_LIST_EQUAL((r, _) -> length(r, "Content-Length: 3, 3")),
    CL_PLUS((r, _) -> length(r, "Content-Length: +3")),
    CL_HEX((r, _) -> length(r, "Content-Length: 0x3")),
    CL_LEADING_ZERO((r, _) -> length(r, "Content-Length: 03")),
    CL_TRAILING_SPACE((r, _) -> length(r, "Content-Length: 3 \t ")),
    CHUNK_EXTENSION_LF((r, random) -> chunkLine(r, random, ";\n")),
    CHUNK_EXTENSION_OPEN_QUOTE((r, random) -> chunkLine(r, random, ";a=\"\r\n")),
    CHUNK_EXTENSION_SPACE((r, random) -> chunkLine(r, random, " ; a = b\r\n")),
    CHUNK_EXTENSION_NUL((r, random) -> chunkLine(r, random, ";a=\0\r\n")),
    CHUNK_EXTENSION_CR((r, random) -> chunkLine(r, random, ";a\rb\r\n")),
    CHUNK_SIZE_TRAILING_SPACE((r, random) -> chunkLine(r, random, " \r\n")),
    CHUNK_SIZE_LF((r, random) -> chunkLine(r, random, "\n")),
    CHUNK_SIZE_PLUS((r, random) -> chunkSize(r, random, "+")),
    CHUNK_SIZE_HEX_PREFIX((r, random) -> chunkSize(r, random, "0x")),
    CHUNK_SIZE_LEADING_SPACE((r, random) -> chunkSize(r, random, " ")),
    CHUNK_SIZE_MANY_ZEROS((r, random) -> chunkSize(r, random, "0".repeat(24))),
    CHUNK_DATA_LF((r, random) -> {
        chunk(r);
        r.content.set(3 * random.nextInt((r.content.size() - 3) / 3) + 2, "\n");
    }),
    CHUNK_DATA_TOO_LONG((r, random) -> {
        chunk(r);
        r.content.set(3 * random.nextInt((r.content.size() - 3) / 3) + 2, "XX\r\n");
    }),
    CHUNKED_FINAL_LF((r, _) -> {
        chunk(r);
        r.content.set(r.content.size() - 1, "\n");
    }),
    TRAILER_LENGTH((r, _) -> trailer(r, "Content-Length: 44\r\n")),
    TRAILER_HOST((r, _) -> trailer(r, "Host: evil\r\n")),
    TRAILER_FOLDED((r, _) -> trailer(r, "X-Sum: 1\r\n 2\r\n")),
    TRAILER_NONSENSE((r, _) -> trailer(r, "nonsense\r\n")),
    LINE_LF_REQUEST_LINE((r, _) -> r.requestLineEnd = "\n"),
    LINE_LF_FIELD((r, _) -> r.fieldEnd = "\n"),
    LINE_LF_END((r, _) -> r.headEnd = "\n"),
    LINE_CR_CR_LF((r, random) -> append(r, random, "\r")),
    LINE_CR_IN_VALUE((r, random) -> append(r, random, "\rX-Two: 2")),
    LINE_LEADING_CRLF((r, _) -> r.method = "\r\n" + r.method),
    LINE_LEADING_LF((r, _) -> r.method = "\n" + r.method),
    LINE_TWO_SPACES((r, _) -> r.target = " " + r.target),
    LINE_TAB((r, _) -> r.version = "\t" + r.version),
    LINE_TRAILING_SPACE((r, _) -> r.version = r.version + " "),
    FOLD((r, _) -> r.fields.add("X-Fold: 1\r\n 2")),
    FOLD_HOST((r, _) -> r.host("\r\n a")),
    FOLD_FIRST_LINE((r, _) -> r.fields.addFirst(" X-Fold: 1")),
    COLON_SPACE_BEFORE((r, random) -> r.fields.set(random.nextInt(r.fields.size()), "X-One : 1")),
    COLON_MISSING((r, random) -> r.fields.add(random.nextInt(r.fields.size()), "X-One")),
    VALUE_NUL((r, random) -> append(r, random, "a\0b")),
    VALUE_CONTROL((r, random) -> append(r, random, "a\u0001b")),
    VALUE_DELETE((r, random) -> append(r, random, "a\u007fb")),
    NAME_UNDERSCORE((r, _) -> r.fields.add("X_One: 1")),
    NAME_PARENTHESIS((r, _) -> r.fields.add("X(One): 1")),
    NAME_OBS_TEXT((r, _) -> r.fields.add("X\u00e4: 1")),
    NAME_EMPTY((r, _) -> r.fields.add(": 1")),
    METHOD_LOWER((r, _) -> r.method = r.method.toLowerCase(Locale.ROOT)),
    METHOD_UNKNOWN((r, _) -> r.method = "BREW"),
    METHOD_MARKS((r, _) -> r.method = "M!#$%&'*+-.^_`|~9"),
    METHOD_TRACE((r, _) -> r.method = "TRACE"),
    VERSION_12((r, _) -> r.version = "HTTP/1.2"),
    VERSION_LONG((r, _) -> r.version = "HTTP/1.10"),
    TARGET_ABSOLUTE((r, _) -> {
        r.host("a.example");
        r.target = "http://a.example" + Targets.originForm(r.target);
    }),
    TARGET_ABSOLUTE_OTHER_HOST((r, _) -> r.target = "http://b.example" + Targets.originForm(r.target)),
    TARGET_FRAGMENT((r, _) -> r.target = r.target + "#b"),
    TARGET_SPACE((r, _) -> r.target = r.target + " b"),
    TARGET_OBS_TEXT((r, _) -> r.target = r.target + "\u00e4"),
    PATH_ESCAPE_UNRESERVED((r, _) -> path(r, "/%61%2d%7E")),
    PATH_DOT_SEGMENTS((r, _) -> path(r, "/a/./b/../c")),
    PATH_DOT_SEGMENTS_ESCAPED((r, _) -> path(r, "/a/%2e%2E")),
    PATH_ABOVE_ROOT((r, _) -> path(r, "/..")),
    PATH_ESCAPED_SLASH((r, _) -> path(r, "/a%2fb")),
    PATH_ESCAPED_CONTROL((r, _) -> path(r, "/a%0d%0aX-Two:%20b")),
    PATH_ESCAPED_DELETE((r, _) -> path(r, "/a%7f")),
    PATH_DOUBLE_SLASH((r, _) -> path(r, "//a")),
    HOST_TWICE((r, _) -> r.fields.add("Host: other")),
    HOST_MISSING((r, _) -> r.fields.removeIf(line -> line.startsWith("Host:"))),
    HOST_EMPTY((r, _) -> r.host("")),
    HOST_SPACE((r, _) -> r.host("a b")),
    HOST_UPPER((r, _) -> r.host("A.Example")),
    CONNECTION_NAMES_FIELD((r, _) -> {
        r.fields.add("Connection: x-one");
        r.fields.add("X-One: 1");
    }),
    CRLF_BETWEEN((r, _) -> r.content.add("\r\n"));

    private final BiConsumer<RequestParts, Random> change;

    RequestTwist(BiConsumer<RequestParts, Random> change) {
        this.change = change;
    }

    /** The name of its vector. */
    String vector() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    void apply(RequestParts request, Random random) {
        change.accept(request, random);
        request.twists.add(vector());
    }

    private static void path(RequestParts request, String prefix) {
        int scheme = request.target.indexOf("http://");
        int start = scheme == 0 ? request.target.indexOf('/', 7) : 0;
        request.target = request.target.substring(0, start) + prefix + request.target.substring(start);
    }

    private static void chunk(RequestParts request) {
        if (!request.isChunked) {
            request.isChunked = true;
            request.fields.removeIf(line -> line.startsWith("Content-Length"));
            request.fields.add("Transfer-Encoding: chunked");
            request.content.clear();
            request.content.addAll(List.of("3\r\n", "abc", "\r\n", "0\r\n", "", "\r\n"));
        }
    }

    private static void coding(RequestParts request, String line) {
        chunk(request);
        request.fields.replaceAll(field -> field.startsWith("Transfer-Encoding:") ? line : field);
    }

    private static void length(RequestParts request, String... lines) {
        request.isChunked = false;
        request.fields.removeIf(line -> line.startsWith("Content-Length") || line.startsWith("Transfer-Encoding"));
        request.content.clear();
        request.content.add("abc");
        request.fields.addAll(List.of(lines));
    }

    private static void chunkLine(RequestParts request, Random random, String rest) {
        chunk(request);
        int index = 3 * random.nextInt((request.content.size() - 3) / 3);
        request.content.set(index, request.content.get(index).split("[;\r\n ]", -1)[0] + rest);
    }

    private static void chunkSize(RequestParts request, Random random, String prefix) {
        chunk(request);
        int index = 3 * random.nextInt((request.content.size() - 3) / 3);
        request.content.set(index, prefix + request.content.get(index));
    }

    private static void trailer(RequestParts request, String lines) {
        chunk(request);
        request.content.set(request.content.size() - 2, lines);
    }

    private static void append(RequestParts request, Random random, String text) {
        request.fields.add(random.nextInt(request.fields.size()), "X-One: 1" + text);
    }
}
