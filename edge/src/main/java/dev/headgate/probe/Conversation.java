package dev.headgate.probe;

import dev.headgate.balancer.health.CheckResult;
import dev.headgate.engine.Connection;
import dev.headgate.engine.LoopConfined;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** What is said on the connection of a check, by one protocol. Each method answers with the outcome once it is known. */
@LoopConfined
interface Conversation {
    /** Asks the question; the connection is open. */
    @Nullable
    CheckResult begin(Connection connection);

    /** Takes bytes of the answer; what is left is shown again with more behind it. */
    @Nullable
    CheckResult onBytes(ByteBuffer bytes);

    /** Nothing more comes. */
    CheckResult onEnd();

    /** The socket takes bytes again. */
    default void onWritable() {}

    /** The check is over, whatever came of it. */
    default void close() {}
}
