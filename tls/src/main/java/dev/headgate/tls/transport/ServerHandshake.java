package dev.headgate.tls.transport;

import dev.headgate.engine.LoopConfined;
import dev.headgate.tls.context.ServerContext;
import dev.headgate.tls.hello.ClientHello;
import dev.headgate.tls.hello.HelloOutcome;
import dev.headgate.tls.hello.HelloScan;
import dev.headgate.tls.hello.HelloViolation;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import org.jspecify.annotations.Nullable;

/** A handshake that a client begins: its hello is read before there is an engine, for it says which. */
@LoopConfined
final class ServerHandshake extends Handshake {
    private static final byte[] PLAIN_ANSWER = plainAnswer();
    private static final byte ALERT = 21;
    private static final byte FATAL = 2;
    private static final byte PROTOCOL_VERSION = 70;
    private static final byte[] ALERT_HEADER = {ALERT, 3, 3, 0, 2, FATAL};

    private final HelloPolicy policy;
    private final HelloScan scan = new HelloScan();
    private @Nullable ServerContext context; // from the hello on
    private @Nullable ClientJudgement judgement; // if the handshake itself was none, or is outdated
    private long beganWallMs;
    private HelloDecision.@Nullable Receiver receiver; // once it is known that TLS is not ours

    ServerHandshake(TlsConnection connection, HelloPolicy policy, long timeoutNs) {
        super(connection);
        this.policy = policy;
        startClock(timeoutNs);
    }

    private static byte[] plainAnswer() {
        String text = "This port speaks HTTPS; the request came as plain HTTP.\n";
        return ("HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: "
                        + text.length() + "\r\nConnection: close\r\n\r\n" + text)
                .getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    HandshakePool pool() {
        return tls.handshakes;
    }

    @Override
    void onTransportOpen() {}

    @Override
    void onBytes(ByteBuffer lent) {
        if (scan.outcome() == HelloOutcome.NEED_MORE) {
            onFirstBytes(lent);
        }
        HelloDecision.Receiver taker = receiver;
        if (taker != null) {
            connection.passThrough(taker, lent);
        } else if (scan.outcome() == HelloOutcome.COMPLETE) {
            tls.reader.read(connection, lent);
        }
    }

    private void onFirstBytes(ByteBuffer lent) {
        switch (tls.hellos.read(lent, scan)) {
            case NEED_MORE -> {}
            case COMPLETE -> onHello(tls.hellos.hello());
            case PLAIN_HTTP ->
                connection.failWith(TlsFailure.PLAIN_HTTP, "a plain request", ByteBuffer.wrap(PLAIN_ANSWER));
            case SSLV2 -> refuse(TlsFailure.SSLV2, PROTOCOL_VERSION, "a hello of SSL 2.0");
            case NOT_TLS -> connection.fail(TlsFailure.NOT_TLS, "the first bytes are not TLS");
            case REFUSED -> {
                HelloViolation violation = scan.violation();
                assert violation != null;
                refuse(TlsFailure.HELLO_REFUSED, violation.alert(), violation.token());
            }
        }
    }

    private void onHello(ClientHello hello) {
        String name = serverNameOf(hello);
        connection.serverName(name);
        beganWallMs = tls.loop.wallMs();
        switch (policy.decide(hello, name)) {
            case HelloDecision.Terminate(ServerContext chosen) -> {
                context = chosen;
                connection.engine(chosen.newEngine());
            }
            case HelloDecision.Refuse(TlsFailure failure, int alert, String detail) -> refuse(failure, alert, detail);
            case HelloDecision.PassThrough(HelloDecision.Receiver taker) -> receiver = taker;
        }
    }

    private static @Nullable String serverNameOf(ClientHello hello) {
        return hello.hasServerName()
                ? new String(
                        hello.bytes(), hello.serverNameOffset(), hello.serverNameLength(), StandardCharsets.US_ASCII)
                : null;
    }

    /** Ends with an alert in plain text: there are no keys yet. */
    private void refuse(TlsFailure failure, int alert, String detail) {
        ByteBuffer bytes = ByteBuffer.allocate(ALERT_HEADER.length + 1);
        bytes.put(ALERT_HEADER).put((byte) alert).flip();
        connection.failWith(failure, detail, bytes);
    }

    @Override
    boolean mayOpen() {
        ClientJudgement known = judgement;
        if (known != null && !known.isOutdated()) {
            return isTaken(known);
        }
        ServerContext chosen = context;
        ClientJudgement left =
                known != null ? known.again() : chosen == null ? null : ClientJudgement.of(chosen, connection.engine());
        if (left == null) {
            return true;
        }
        judgement = left;
        compute(left);
        return false;
    }

    private boolean isTaken(ClientJudgement done) {
        CertificateException failure = done.failure();
        if (failure == null) {
            return true;
        }
        TlsFailure kind = TlsFailures.kindOf(failure);
        if (done.isBinding()) {
            connection.fail(kind, failure);
            return false;
        }
        connection.peerFault(new PeerFault(kind, TlsFailures.detailOf(failure)));
        return true;
    }

    @Override
    boolean isResumed() {
        return isSessionOlderThan(beganWallMs);
    }
}
