package dev.headgate.probe;

import dev.headgate.balancer.health.CheckResult;
import dev.headgate.engine.Connection;
import dev.headgate.engine.LoopConfined;
import java.nio.ByteBuffer;

/** A connection is all that is asked for. */
@LoopConfined
final class TcpConversation implements Conversation {
    @Override
    public CheckResult begin(Connection connection) {
        return CheckResult.PASSED;
    }

    @Override
    public CheckResult onBytes(ByteBuffer bytes) {
        return CheckResult.PASSED;
    }

    @Override
    public CheckResult onEnd() {
        return CheckResult.PASSED;
    }
}
