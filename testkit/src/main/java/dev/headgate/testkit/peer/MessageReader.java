package dev.headgate.testkit.peer;

import dev.headgate.testkit.peer.Response.Ending;
import dev.headgate.testkit.peer.Response.Framing;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Reads canonical HTTP/1.1 messages (RFC 9112) and refuses everything else: what a proxy emits has to be readable for
 * the strictest peer. Shares no code with the product. Owned by one thread.
 */
public final class MessageReader {
    private static final int LINE_BYTES_MAX = 1 << 20;
    private static final int LENGTH_DIGITS_MAX = 18;
    private static final String TOKEN_MARKS = "!#$%&'*+-.^_`|~";

    private final InputStream input;

    public MessageReader(InputStream input) {
        this.input = input;
    }

    InputStream input() {
        return input;
    }

    /** A request head, or null at the end of the stream. */
    public @Nullable Request requestHead() throws IOException {
        String line = lineOrEnd();
        if (line == null) {
            return null;
        }
        String[] parts = line.split(" ", -1);
        if (parts.length != 3 || !isToken(parts[0]) || !isTarget(parts[1]) || !isVersion(parts[2])) {
            throw new MalformedMessageException("no request line: \"" + line + "\"");
        }
        var fields = fields();
        if (fields.all("host").size() != 1) {
            throw new MalformedMessageException("not exactly one Host: " + fields.all("host"));
        }
        return new Request(parts[0], parts[1], parts[2], fields);
    }

    /** The content that follows a request head. */
    public Content requestContent(Fields fields) throws MalformedMessageException {
        Framing framing = framing(fields);
        return content(framing == Framing.CLOSE ? Framing.NONE : framing, fields);
    }

    /** A response head, interim or final, without content. */
    public Response responseHead() throws IOException {
        String line = line();
        boolean wellFormed = line.length() >= 13
                && isVersion(line.substring(0, 8))
                && line.charAt(8) == ' '
                && line.substring(9, 12).chars().allMatch(c -> c >= '0' && c <= '9')
                && line.charAt(12) == ' ';
        if (!wellFormed) {
            throw new MalformedMessageException("no status line: \"" + line + "\"");
        }
        var fields = fields();
        return new Response(
                line.substring(0, 8),
                Integer.parseInt(line.substring(9, 12)),
                line.substring(13),
                fields,
                List.of(),
                framing(fields),
                "",
                Fields.NONE,
                Ending.COMPLETE);
    }

    /** One final response to a request with {@code method}, its interim responses, and its content into {@code sink}. */
    Response response(String method, OutputStream sink) throws IOException {
        var interim = new ArrayList<Response>();
        Response head = responseHead();
        while (head.status() < 200 && head.status() != 101) {
            if (head.fields().has("content-length") || head.fields().has("transfer-encoding")) {
                throw new MalformedMessageException("interim response with framing: " + head);
            }
            interim.add(head);
            head = responseHead();
        }
        var content = responseContent(method, head);
        Ending ending = copy(content, sink);
        return head.with(interim, head.text(), content.trailers(), ending);
    }

    /** The content that follows the head of a response to a request with {@code method}. */
    public Content responseContent(String method, Response head) throws MalformedMessageException {
        boolean bodiless = method.equals("HEAD") || head.status() < 200 || head.status() == 204 || head.status() == 304;
        if (head.status() == 204 && (head.framing() == Framing.CHUNKED || head.framing() == Framing.LENGTH)) {
            throw new MalformedMessageException("204 with framing: " + head);
        }
        return content(bodiless ? Framing.NONE : head.framing(), head.fields());
    }

    private Content content(Framing framing, Fields fields) throws MalformedMessageException {
        return new Content(this, framing, framing == Framing.LENGTH ? length(fields) : 0);
    }

    private static Ending copy(InputStream content, OutputStream sink) throws IOException {
        byte[] piece = new byte[64 * 1024];
        while (true) {
            int count;
            try {
                count = content.read(piece);
            } catch (EOFException _) {
                return Ending.CLOSED_EARLY;
            } catch (MalformedMessageException | WireSocket.DeadlineException e) {
                throw e;
            } catch (IOException _) {
                return Ending.RESET_EARLY;
            }
            if (count < 0) {
                return Ending.COMPLETE;
            }
            sink.write(piece, 0, count);
        }
    }

    /** A field section up to and including its empty line. */
    public Fields fields() throws IOException {
        var lines = new ArrayList<Field>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            if (colon <= 0 || !isToken(line.substring(0, colon))) {
                throw new MalformedMessageException("no field line: \"" + line + "\"");
            }
            lines.add(new Field(
                    line.substring(0, colon), line.substring(colon + 1).strip()));
        }
        return new Fields(lines);
    }

    /** How the message says where its content ends; a request without a word of it has none. */
    public static Framing framing(Fields fields) throws MalformedMessageException {
        var codings = fields.all("transfer-encoding");
        var lengths = fields.all("content-length");
        if (codings.size() + lengths.size() > 1) {
            throw new MalformedMessageException("framing is ambiguous: " + codings + " " + lengths);
        }
        if (!codings.isEmpty()) {
            if (!codings.getFirst().equals("chunked")) {
                throw new MalformedMessageException("transfer coding: " + codings);
            }
            return Framing.CHUNKED;
        }
        if (lengths.isEmpty()) {
            return Framing.CLOSE;
        }
        length(fields);
        return Framing.LENGTH;
    }

    /** The announced length; only for {@link Framing#LENGTH}. */
    public static long length(Fields fields) throws MalformedMessageException {
        String value = fields.all("content-length").getFirst();
        boolean canonical = !value.isEmpty()
                && value.length() <= LENGTH_DIGITS_MAX
                && value.chars().allMatch(c -> c >= '0' && c <= '9')
                && (value.length() == 1 || value.charAt(0) != '0');
        if (!canonical) {
            throw new MalformedMessageException("content length: \"" + value + "\"");
        }
        return Long.parseLong(value);
    }

    /** One line without its CRLF; the end of the stream is an {@link EOFException}. */
    String line() throws IOException {
        String line = lineOrEnd();
        if (line == null) {
            throw new EOFException("end of stream instead of a line");
        }
        return line;
    }

    private @Nullable String lineOrEnd() throws IOException {
        var line = new StringBuilder();
        for (int b = input.read(); b != '\r'; b = input.read()) {
            if (b < 0 && line.isEmpty()) {
                return null;
            }
            if (b < 0) {
                throw new EOFException("end of stream in line: \"" + line + "\"");
            }
            if ((b < ' ' && b != '\t') || b == 0x7F || line.length() == LINE_BYTES_MAX) {
                throw new MalformedMessageException("byte %02x in line: \"%s\"".formatted(b, line));
            }
            line.append((char) b);
        }
        int next = input.read();
        if (next != '\n') {
            throw new MalformedMessageException("CR without LF after: \"" + line + "\"");
        }
        return line.toString();
    }

    private static boolean isVersion(String text) {
        return text.equals("HTTP/1.1") || text.equals("HTTP/1.0");
    }

    private static boolean isTarget(String text) {
        return !text.isEmpty() && text.chars().allMatch(c -> c > ' ' && c < 0x7F);
    }

    private static boolean isToken(String text) {
        return !text.isEmpty()
                && text.toLowerCase(Locale.ROOT)
                        .chars()
                        .allMatch(c -> (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || TOKEN_MARKS.indexOf(c) >= 0);
    }
}
