package dev.headgate.probe;

import dev.headgate.balancer.health.CheckResult;
import dev.headgate.engine.Connection;
import dev.headgate.engine.LoopConfined;
import dev.headgate.http.BodyKind;
import dev.headgate.http.Http1Limits;
import dev.headgate.http.ResponseHead;
import dev.headgate.http.h1.BodyDecoder;
import dev.headgate.http.h1.Decode;
import dev.headgate.http.h1.ResponseHeadDecoder;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One request by HTTP/1.1 and as much of its answer as the verdict takes (RFC 9112).
 * <pre>
 *  HEAD ──expected status, and content is looked at──> CONTENT ──> known
 *    └──any other final head──────────────────────────────────────^
 * </pre>
 */
@LoopConfined
final class Http1Conversation implements Conversation {
    private static final int INTERIM_MAX = 8;

    private final HttpQuestion question;
    private final ResponseHeadDecoder heads;
    private final Http1Limits limits;
    private final ResponseHead head = new ResponseHead();
    private final BodyDecoder body = new BodyDecoder();
    private @Nullable ExpectedContent content; // from CONTENT on
    private int interimCount;

    Http1Conversation(HttpQuestion question, ResponseHeadDecoder heads, Http1Limits limits) {
        this.question = question;
        this.heads = heads;
        this.limits = limits;
    }

    @Override
    public @Nullable CheckResult begin(Connection connection) {
        connection.write(ByteBuffer.wrap(question.text()));
        return null;
    }

    @Override
    public @Nullable CheckResult onBytes(ByteBuffer bytes) {
        while (content == null) {
            int result = heads.decode(bytes, head, question.method());
            if (result == Decode.NEED_MORE) {
                return null;
            }
            if (result == Decode.REFUSED) {
                return CheckResult.PROTOCOL_ERROR;
            }
            CheckResult outcome = onHead();
            if (outcome != null) {
                return outcome;
            }
        }
        return readContent(bytes, content);
    }

    private @Nullable CheckResult onHead() {
        if (head.status() < 200) {
            boolean isFlood = ++interimCount > INTERIM_MAX || head.isSwitchingProtocols();
            head.clear();
            return isFlood ? CheckResult.PROTOCOL_ERROR : null;
        }
        CheckResult byStatus = question.judge(head.status());
        if (byStatus != null) {
            return byStatus;
        }
        if (head.bodyKind() == BodyKind.NONE) {
            return CheckResult.BODY;
        }
        body.start(head.bodyKind(), head.contentLength(), limits);
        content = question.expectedContent();
        return null;
    }

    private @Nullable CheckResult readContent(ByteBuffer bytes, ExpectedContent expected) {
        while (true) {
            switch (body.next(bytes)) {
                case Decode.DATA -> {
                    int limit = bytes.limit();
                    int length = body.dataLength();
                    bytes.limit(bytes.position() + length);
                    body.taken(length);
                    boolean isFound = expected.isFoundIn(bytes);
                    bytes.limit(limit);
                    if (isFound) {
                        return CheckResult.PASSED;
                    }
                    if (expected.isExhausted()) {
                        return CheckResult.BODY;
                    }
                }
                case Decode.END -> {
                    return CheckResult.BODY;
                }
                case Decode.REFUSED -> {
                    return CheckResult.PROTOCOL_ERROR;
                }
                default -> {
                    return null;
                }
            }
        }
    }

    @Override
    public CheckResult onEnd() {
        return content != null && body.onEndOfStream() ? CheckResult.BODY : CheckResult.RESET;
    }
}
