package dev.headgate.exchange;

import dev.headgate.config.RetryOn;
import dev.headgate.engine.HotPath;
import java.util.BitSet;
import java.util.Collection;

/** Which answers of an origin are not good enough, by their HTTP status or by their gRPC status. Shared by all loops; immutable. */
@HotPath
public final class AnswerConditions {
    /** Every answer is as good as any. */
    public static final AnswerConditions NONE = new AnswerConditions(0, new BitSet());

    private final int grpcStatuses; // a bit for each
    private final BitSet statuses; // not changed
    private final boolean isEmpty;

    private AnswerConditions(int grpcStatuses, BitSet statuses) {
        this.grpcStatuses = grpcStatuses;
        this.statuses = statuses;
        this.isEmpty = grpcStatuses == 0 && statuses.isEmpty();
    }

    /** The configuration, in which other conditions may stand too. */
    public static AnswerConditions among(Collection<?> conditions) {
        int grpcStatuses = 0;
        BitSet statuses = new BitSet();
        for (Object each : conditions) {
            if (each instanceof RetryOn.Answered answered) {
                switch (answered) {
                    case RetryOn.Status status ->
                        statuses.set(status.range().first(), status.range().last() + 1);
                    case RetryOn.GrpcStatus status -> grpcStatuses |= 1 << status.code();
                }
            }
        }
        return new AnswerConditions(grpcStatuses, statuses);
    }

    boolean isEmpty() {
        return isEmpty;
    }

    /** Whether there is any that calls by gRPC can be answered with. */
    boolean concernsCalls() {
        return grpcStatuses != 0;
    }

    boolean holdOnStatus(int status) {
        return statuses.get(status);
    }

    /** @param status −1 for none */
    boolean holdOnGrpcStatus(int status) {
        return status > 0 && status < Integer.SIZE && (grpcStatuses & 1 << status) != 0;
    }
}
