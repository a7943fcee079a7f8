package dev.headgate.probe;

import dev.headgate.balancer.health.CheckResult;
import dev.headgate.engine.LoopConfined;
import dev.headgate.http.FieldSection;
import dev.headgate.http.ResponseHead;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Judges the answer to one question on a stream of HTTP/2, as it comes. Each method answers with the outcome once it is known. */
@LoopConfined
interface StreamAnswer {
    /** The final head; lent. */
    @Nullable
    CheckResult onHead(ResponseHead head);

    /** Content; lent. */
    @Nullable
    CheckResult onContent(ByteBuffer content);

    /**
     * The answer is complete.
     *
     * @param trailers lent; null when there are none
     */
    CheckResult onEnd(@Nullable FieldSection trailers);
}
