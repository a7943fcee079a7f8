package dev.headgate.probe;

import dev.headgate.balancer.health.CheckResult;
import dev.headgate.engine.CloseCause;
import dev.headgate.engine.Connection;
import dev.headgate.engine.ConnectionHandler;
import dev.headgate.engine.LoopConfined;
import dev.headgate.engine.timer.Timer;
import dev.headgate.exchange.LoopContext;
import dev.headgate.tls.transport.SecureConnection;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One check of one endpoint.
 * <pre>{@code
 *  CONNECTING ──open──> ASKED ──outcome known──> OVER
 *      └──failed, or too late──────┴──────────────^
 * }</pre>
 * Extends {@link Timer}: the deadline is that of the whole check.
 */
@LoopConfined
public final class Probe extends Timer implements ConnectionHandler {
    private enum State {
        CONNECTING,
        ASKED,
        OVER
    }

    /** Is told of the outcome, once, on the loop. */
    public interface Observer {
        /**
         * It is over.
         *
         * @param result null when it came to nothing for reasons of this proxy's
         */
        @LoopConfined
        void onResult(@Nullable CheckResult result);
    }

    private final ProbePlan plan;
    private final LoopContext context;
    private final Observer observer;
    private final long startedNs;
    private State state = State.CONNECTING;
    private @Nullable Conversation conversation; // from ASKED on
    private @Nullable Connection connection;

    private Probe(ProbePlan plan, LoopContext context, Observer observer) {
        this.plan = plan;
        this.context = context;
        this.observer = observer;
        this.startedNs = context.loop().nowNs();
    }

    /**
     * Starts a check.
     *
     * @param address what is connected to; null when the endpoint has none yet
     */
    public static void start(ProbePlan plan, @Nullable SocketAddress address, LoopContext context, Observer observer) {
        Probe probe = new Probe(plan, context, observer);
        if (address == null) {
            probe.end(CheckResult.CONNECT_FAILED);
            return;
        }
        context.loop().timers().arm(probe, probe.startedNs + plan.timeoutNs());
        probe.connection = plan.connect(context.loop(), address, probe);
    }

    @Override
    public void onOpen(Connection opened) {
        if (state != State.CONNECTING) {
            return;
        }
        state = State.ASKED;
        Conversation begun = plan.converse(opened, context);
        if (begun == null) {
            end(CheckResult.TLS_FAILED); // It does not choose what was offered.
            return;
        }
        conversation = begun;
        endIfKnown(begun.begin(opened));
    }

    @Override
    public void onBytes(Connection from, ByteBuffer bytes) {
        if (state == State.ASKED) {
            endIfKnown(asked().onBytes(bytes));
        }
        if (state == State.OVER) {
            bytes.position(bytes.limit());
        }
    }

    @Override
    public void onWritable(Connection from) {
        if (state == State.ASKED) {
            asked().onWritable();
        }
    }

    @Override
    public void onEnd(Connection from) {
        if (state == State.ASKED) {
            end(asked().onEnd());
        }
        from.close();
    }

    @Override
    public void onClosed(Connection from, CloseCause cause) {
        if (state != State.OVER) {
            end(outcomeOf(from, cause));
        }
    }

    @Override
    protected void onDeadline(long nowNs) {
        if (state != State.OVER) {
            end(CheckResult.TIMED_OUT);
        }
    }

    private void endIfKnown(@Nullable CheckResult outcome) {
        if (outcome != null && state != State.OVER) {
            end(outcome);
        }
    }

    private void end(@Nullable CheckResult outcome) {
        state = State.OVER;
        context.loop().timers().retire(this);
        Conversation over = conversation;
        if (over != null) {
            over.close();
        }
        Connection used = connection;
        if (used != null) {
            if (outcome == CheckResult.PASSED) {
                used.close();
            } else {
                used.abort();
            }
        }
        observer.onResult(outcome);
    }

    private @Nullable CheckResult outcomeOf(Connection from, CloseCause cause) {
        return switch (cause) {
            case CONNECT_REFUSED -> CheckResult.CONNECT_FAILED;
            case CONNECT_FAILED -> CheckResult.CONNECT_FAILED;
            case TRANSPORT_FAILED -> CheckResult.TLS_FAILED;
            case RESET, CLOSED, ABORTED, TRUNCATED ->
                state == State.CONNECTING && from instanceof SecureConnection
                        ? CheckResult.TLS_FAILED
                        : CheckResult.RESET;
            case BUDGET_EXCEEDED, HANDLER_FAILED, LOOP_STOPPED -> null;
        };
    }

    private Conversation asked() {
        Conversation current = conversation;
        assert current != null;
        return current;
    }
}
