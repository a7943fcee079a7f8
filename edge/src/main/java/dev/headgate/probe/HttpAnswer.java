package dev.headgate.probe;

import dev.headgate.balancer.health.CheckResult;
import dev.headgate.engine.LoopConfined;
import dev.headgate.http.FieldSection;
import dev.headgate.http.ResponseHead;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** An ordinary response: its status, and its content where that is looked at. */
@LoopConfined
final class HttpAnswer implements StreamAnswer {
    private final HttpQuestion question;
    private @Nullable ExpectedContent content; // behind a head that is well

    HttpAnswer(HttpQuestion question) {
        this.question = question;
    }

    @Override
    public @Nullable CheckResult onHead(ResponseHead head) {
        CheckResult byStatus = question.judge(head.status());
        if (byStatus == null) {
            content = question.expectedContent();
        }
        return byStatus;
    }

    @Override
    public @Nullable CheckResult onContent(ByteBuffer bytes) {
        ExpectedContent expected = content;
        if (expected == null) {
            return CheckResult.PROTOCOL_ERROR;
        }
        if (expected.isFoundIn(bytes)) {
            return CheckResult.PASSED;
        }
        return expected.isExhausted() ? CheckResult.BODY : null;
    }

    @Override
    public CheckResult onEnd(@Nullable FieldSection trailers) {
        return CheckResult.BODY;
    }
}
