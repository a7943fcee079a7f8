package dev.headgate.upstream;

import dev.headgate.engine.LoopConfined;
import dev.headgate.exchange.Attempt;
import dev.headgate.exchange.Failure;
import dev.headgate.exchange.FailureKind;
import dev.headgate.exchange.TlsFault;
import dev.headgate.exchange.UpstreamStream;
import dev.headgate.http.BodyKind;
import dev.headgate.http.FieldSection;
import dev.headgate.http.RequestHead;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * An exchange that waits for a connection which may carry others too. It stands in for the stream until there is one, which the exchange then
 * gets in its place. Links of {@link Opening}'s list.
 */
@LoopConfined
final class Waiter implements UpstreamStream {
    @Nullable
    Waiter previous;

    @Nullable
    Waiter next;

    private final Attempt attempt;
    private @Nullable Opening opening; // null once it waits no more
    private @Nullable TlsFault fault;
    private @Nullable String violation;

    Waiter(Attempt attempt) {
        this.attempt = attempt;
    }

    Attempt attempt() {
        return attempt;
    }

    boolean isForWebSocket() {
        return attempt.asksForWebSocket();
    }

    /** Where it waits, or null for nowhere any more. */
    void opening(@Nullable Opening joined) {
        opening = joined;
    }

    void fail(FailureKind kind, @Nullable TlsFault tlsFault, @Nullable String brokenRule) {
        opening = null;
        fault = tlsFault;
        violation = brokenRule;
        attempt.onUpstreamFailed(kind);
    }

    @Override
    public void cancel() {
        Opening left = opening;
        if (left != null) {
            opening = null;
            left.remove(this);
        }
    }

    @Override
    public boolean isReused() {
        return false;
    }

    @Override
    public Failure.Sent sent() {
        return Failure.Sent.NOTHING;
    }

    @Override
    public boolean isHandshaking() {
        return opening != null && opening.isHandshaking();
    }

    @Override
    public @Nullable TlsFault tlsFault() {
        return fault;
    }

    @Override
    public @Nullable String violation() {
        return violation;
    }

    // Nothing is sent before there is a stream.

    @Override
    public int sendHead(RequestHead head, byte @Nullable [] authority, BodyKind bodyKind, long contentLength) {
        throw notReady();
    }

    @Override
    public boolean sendBody(ByteBuffer bytes) {
        throw notReady();
    }

    @Override
    public void sendEnd(@Nullable FieldSection trailers) {
        throw notReady();
    }

    @Override
    public void pauseResponse() {
        throw notReady();
    }

    @Override
    public void resumeResponse() {
        throw notReady();
    }

    private static IllegalStateException notReady() {
        return new IllegalStateException("the connection is not open");
    }
}
