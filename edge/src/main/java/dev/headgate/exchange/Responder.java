package dev.headgate.exchange;

import dev.headgate.engine.HotPath;
import dev.headgate.engine.LoopConfined;
import dev.headgate.http.BodyKind;
import dev.headgate.http.Field;
import dev.headgate.http.FieldSection;
import dev.headgate.http.Method;
import dev.headgate.http.RequestHead;
import dev.headgate.route.HttpsRedirect;
import dev.headgate.route.LocalAnswer;
import dev.headgate.route.Redirect;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Makes the responses that no origin makes. Their bodies are small, plain text or JSON as the client prefers, and never name an
 * upstream or an address.
 */
@LoopConfined
@HotPath
final class Responder {
    private static final int BODY_BYTES_MAX = 4096;
    private static final byte[] TEXT = ascii("text/plain; charset=utf-8");
    private static final byte[] JSON = ascii("application/json");
    private static final byte[] JSON_TYPE = ascii("application/json");
    private static final byte[] NO_STORE = ascii("no-store");
    private static final byte[] ALLOWED_METHODS = ascii("GET, HEAD, POST, PUT, DELETE, OPTIONS, PATCH");
    private static final int RETRY_AFTER_SECONDS = 1;
    private static final long NS_PER_SECOND = 1_000_000_000L;
    private static final byte[] BODY_STATUS = ascii("{\"status\":");
    private static final byte[] BODY_CAUSE = ascii(",\"cause\":\"");
    private static final byte[] BODY_ID = ascii("\",\"request_id\":\"");
    private static final byte[] BODY_END = ascii("\"}\n");

    private static final byte[][] TOKENS = new byte[Cause.COUNT][];
    private static final byte[] @Nullable [] PROXY_STATUS = new byte[Cause.COUNT][];

    static {
        for (Cause cause : Cause.values()) {
            TOKENS[cause.ordinal()] = ascii(cause.token());
            String error = cause.proxyStatusError();
            PROXY_STATUS[cause.ordinal()] = error == null ? null : ascii("headgate; error=" + error);
        }
    }

    private final LoopContext context;
    private final FieldSection fields = new FieldSection();
    private final ByteBuffer body = ByteBuffer.allocateDirect(BODY_BYTES_MAX);

    Responder(LoopContext context) {
        this.context = context;
    }

    /** Sends the response that {@code cause} calls for. */
    void respond(Exchange exchange, Cause cause) {
        if (exchange.isGrpc()) {
            respondToCall(exchange, cause);
            return;
        }
        RequestHead head = exchange.requestOrNull();
        boolean json = head != null && prefersJson(head);
        writeBody(exchange, cause, json);
        start(exchange);
        if (cause.status() != 204) {
            add(Field.CONTENT_TYPE, json ? JSON_TYPE : TEXT);
        }
        add(Field.CACHE_CONTROL, NO_STORE);
        byte[] proxyStatus = PROXY_STATUS[cause.ordinal()];
        if (proxyStatus != null) {
            add(Field.PROXY_STATUS, proxyStatus);
        }
        if (cause.status() == 503) {
            addRetryAfter(retryAfterSeconds(exchange, cause));
        } else if (cause.status() == 405 || cause == Cause.MAX_FORWARDS_REACHED) {
            fields.add(ALLOW, ALLOWED_METHODS);
        }
        send(exchange, cause.status(), body.flip());
    }

    /** Rounded up: who comes back sooner is refused again. */
    private int retryAfterSeconds(Exchange exchange, Cause cause) {
        if (cause != Cause.CIRCUIT_OPEN) {
            return RETRY_AFTER_SECONDS;
        }
        long openForNs =
                exchange.attempts().upstream().circuitOpenForNs(context.loop().nowNs());
        return Math.max(RETRY_AFTER_SECONDS, Math.toIntExact(Math.ceilDiv(openForNs, NS_PER_SECOND)));
    }

    private void addRetryAfter(int seconds) {
        ByteBuffer value = fields.beginAdd(Field.RETRY_AFTER);
        if (value.remaining() >= Decimal.DIGITS_MAX) {
            Decimal.write(value, seconds);
            fields.endAdd();
        }
    }

    /** A head alone: what would be its trailers is in it. */
    private void respondToCall(Exchange exchange, Cause cause) {
        start(exchange);
        add(Field.CONTENT_TYPE, Grpc.CONTENT_TYPE);
        fields.add(Grpc.STATUS_NAME, Grpc.status(cause));
        fields.add(Grpc.MESSAGE_NAME, TOKENS[cause.ordinal()]);
        byte[] proxyStatus = PROXY_STATUS[cause.ordinal()];
        if (proxyStatus != null) {
            add(Field.PROXY_STATUS, proxyStatus);
        }
        exchange.record().status(200);
        context.responsePhase().finish(exchange, fields);
        sendHead(exchange, 200, BodyKind.NONE, -1);
        exchange.sendEnd(null);
    }

    /** Sends the answer of a {@code respond} action. */
    void respond(Exchange exchange, LocalAnswer answer) {
        start(exchange);
        if (answer.contentType().length > 0 && answer.body().length > 0) {
            add(Field.CONTENT_TYPE, answer.contentType());
        }
        for (int i = 0; i < answer.fields().size(); i++) {
            LocalAnswer.Line line = answer.fields().get(i);
            fields.add(line.name(), line.value());
        }
        exchange.route().responseEdits().apply(fields);
        send(exchange, answer.status(), contentOf(answer));
    }

    private ByteBuffer contentOf(LocalAnswer answer) {
        byte[] content = answer.body();
        return content.length <= BODY_BYTES_MAX ? body.clear().put(content).flip() : ByteBuffer.wrap(content);
    }

    /** Sends the client elsewhere. */
    void respond(Exchange exchange, Redirect redirect) {
        start(exchange);
        RequestHead head = exchange.request();
        ByteBuffer value = fields.beginAdd(Field.LOCATION);
        if (value.remaining() < redirect.bytesMax(head)) {
            respond(exchange, Cause.TARGET_TOO_LONG);
            return;
        }
        redirect.write(head, exchange.client().listener().scheme(), value);
        fields.endAdd();
        exchange.route().responseEdits().apply(fields);
        send(exchange, redirect.status(), body.clear().flip());
    }

    /** Sends the client to the same URI with https. */
    void respond(Exchange exchange, HttpsRedirect redirect) {
        start(exchange);
        RequestHead head = exchange.request();
        ByteBuffer value = fields.beginAdd(Field.LOCATION);
        if (value.remaining() < redirect.bytesMax(head)) {
            respond(exchange, Cause.TARGET_TOO_LONG);
            return;
        }
        redirect.write(head, value);
        fields.endAdd();
        send(exchange, redirect.status(), body.clear().flip());
    }

    private void start(Exchange exchange) {
        fields.clear();
        fields.startIn(context.responseStore());
        context.responsePhase().addOwn(exchange, fields);
    }

    private void send(Exchange exchange, int status, ByteBuffer content) {
        boolean headOnly =
                exchange.requestOrNull() != null && exchange.request().method() == Method.HEAD;
        boolean withoutContent = status == 204 || status == 304;
        int length = content.remaining();
        exchange.record().status(status);
        context.responsePhase().finish(exchange, fields);
        if (headOnly || withoutContent) {
            sendHead(exchange, status, BodyKind.NONE, withoutContent ? -1 : length);
        } else {
            sendHead(exchange, status, BodyKind.LENGTH, length);
            exchange.record().onResponseBody(length);
            exchange.downstream().sendBody(content);
        }
        exchange.sendEnd(null);
    }

    private void sendHead(Exchange exchange, int status, BodyKind kind, long contentLength) {
        int sent = exchange.downstream().sendHead(status, fields, kind, contentLength);
        exchange.record().onResponseHeadSent(Math.max(0, sent));
    }

    private void writeBody(Exchange exchange, Cause cause, boolean json) {
        body.clear();
        int status = cause.status();
        if (json) {
            body.put(BODY_STATUS);
            putStatus(status);
            body.put(BODY_CAUSE).put(TOKENS[cause.ordinal()]);
            putRequestId(exchange);
            body.put(BODY_END);
        } else {
            putStatus(status);
            body.put((byte) ' ').put(TOKENS[cause.ordinal()]).put((byte) '\n');
        }
    }

    private void putRequestId(Exchange exchange) {
        int length = exchange.identity().requestIdLength();
        if (length > 0) {
            body.put(BODY_ID);
            body.put(
                    body.position(),
                    exchange.request().bytes(),
                    exchange.identity().requestIdOffset(),
                    length);
            body.position(body.position() + length);
        }
    }

    private void putStatus(int status) {
        body.put((byte) ('0' + status / 100))
                .put((byte) ('0' + status / 10 % 10))
                .put((byte) ('0' + status % 10));
    }

    private void add(int id, byte[] value) {
        fields.add(id, value, 0, value.length);
    }

    /** Whether the client names JSON in {@code Accept}; anything else gets plain text. */
    private static boolean prefersJson(RequestHead head) {
        FieldSection fields = head.fields();
        int at = fields.find(Field.ACCEPT);
        return at >= 0 && contains(fields.bytes(), fields.valueOffset(at), fields.valueLength(at), JSON);
    }

    private static boolean contains(ByteBuffer bytes, int offset, int length, byte[] wanted) {
        for (int start = offset; start <= offset + length - wanted.length; start++) {
            int matched = 0;
            while (matched < wanted.length && bytes.get(start + matched) == wanted[matched]) {
                matched++;
            }
            if (matched == wanted.length) {
                return true;
            }
        }
        return false;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static final byte[] ALLOW = ascii("Allow");
}
