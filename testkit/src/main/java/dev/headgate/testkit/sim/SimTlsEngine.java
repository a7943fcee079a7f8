package dev.headgate.testkit.sim;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * A client's end of simulated TLS.
 * <pre>
 *   IDLE ──begun──> HELLO ──it is said──> AWAITED ──the server has chosen──> OPEN
 * </pre>
 */
final class SimTlsEngine extends SSLEngine {
    private enum State {
        IDLE,
        HELLO,
        AWAITED,
        OPEN
    }

    private static final String[] SUITES = {"TLS_AES_128_GCM_SHA256"};
    private static final String[] VERSIONS = {"TLSv1.3"};

    private final SSLSession session = new SimTlsSession();
    private State state = State.IDLE;
    private String[] offered = {};
    private @Nullable String chosen;
    private boolean isInboundDone;
    private boolean isOutboundClosing;
    private boolean isOutboundDone;

    // ---- the handshake ---------------------------------------------------------------------------------------------

    @Override
    public void setSSLParameters(SSLParameters parameters) {
        offered = parameters.getApplicationProtocols();
    }

    @Override
    public void beginHandshake() {
        if (state == State.IDLE) {
            state = State.HELLO;
        }
    }

    @Override
    public HandshakeStatus getHandshakeStatus() {
        if (isOutboundClosing && !isOutboundDone) {
            return HandshakeStatus.NEED_WRAP;
        }
        return switch (state) {
            case HELLO -> HandshakeStatus.NEED_WRAP;
            case AWAITED -> HandshakeStatus.NEED_UNWRAP;
            case IDLE, OPEN -> HandshakeStatus.NOT_HANDSHAKING;
        };
    }

    @Override
    public @Nullable String getApplicationProtocol() {
        return chosen;
    }

    @Override
    public @Nullable String getHandshakeApplicationProtocol() {
        return chosen;
    }

    @Override
    public @Nullable Runnable getDelegatedTask() {
        return null;
    }

    @Override
    public SSLSession getSession() {
        return session;
    }

    // ---- records ---------------------------------------------------------------------------------------------------

    @Override
    public SSLEngineResult wrap(ByteBuffer[] sources, int offset, int length, ByteBuffer target) {
        if (isOutboundDone) {
            return result(Status.CLOSED, 0, 0);
        }
        if (isOutboundClosing) {
            isOutboundDone = true;
            return produced(Status.CLOSED, SimTlsRecords.closeNotify(), target);
        }
        if (state == State.HELLO) {
            state = State.AWAITED;
            byte[] hello = String.join(",", offered).getBytes(StandardCharsets.US_ASCII);
            return produced(Status.OK, SimTlsRecords.record(SimTlsRecords.HANDSHAKE, hello), target);
        }
        int count = 0;
        for (int i = offset; i < offset + length; i++) {
            count += sources[i].remaining();
        }
        count = Math.min(count, SimTlsRecords.PAYLOAD_BYTES_MAX);
        if (state != State.OPEN || count == 0) {
            return result(Status.OK, 0, 0);
        }
        if (target.remaining() < SimTlsRecords.HEADER_BYTES + count) {
            return result(Status.BUFFER_OVERFLOW, 0, 0);
        }
        SimTlsRecords.header(target, SimTlsRecords.DATA, count);
        int left = count;
        for (int i = offset; i < offset + length && left > 0; i++) {
            int part = Math.min(left, sources[i].remaining());
            target.put(sources[i].slice(sources[i].position(), part));
            sources[i].position(sources[i].position() + part);
            left -= part;
        }
        return result(Status.OK, count, SimTlsRecords.HEADER_BYTES + count);
    }

    private SSLEngineResult produced(Status status, byte[] record, ByteBuffer target) {
        target.put(record);
        return result(status, 0, record.length);
    }

    private SSLEngineResult result(Status status, int consumed, int produced) {
        return new SSLEngineResult(status, getHandshakeStatus(), consumed, produced);
    }

    @Override
    public SSLEngineResult unwrap(ByteBuffer source, ByteBuffer[] targets, int offset, int length) throws SSLException {
        if (isInboundDone) {
            return result(Status.CLOSED, 0, 0);
        }
        int start = source.position();
        if (source.remaining() < SimTlsRecords.HEADER_BYTES) {
            return result(Status.BUFFER_UNDERFLOW, 0, 0);
        }
        int payload = SimTlsRecords.lengthAt(source, start);
        int whole = SimTlsRecords.HEADER_BYTES + payload;
        if (source.remaining() < whole) {
            return result(Status.BUFFER_UNDERFLOW, 0, 0);
        }
        ByteBuffer content = source.slice(start + SimTlsRecords.HEADER_BYTES, payload);
        int produced = 0;
        Status status = Status.OK;
        switch (source.get(start)) {
            case SimTlsRecords.HANDSHAKE ->
                onChosen(StandardCharsets.US_ASCII.decode(content).toString());
            case SimTlsRecords.DATA -> {
                if (targets[offset].remaining() < payload) {
                    return result(Status.BUFFER_OVERFLOW, 0, 0);
                }
                targets[offset].put(content);
                produced = payload;
            }
            case SimTlsRecords.ALERT -> {
                if (!SimTlsRecords.isCloseNotify(content)) {
                    source.position(start + whole);
                    throw new SSLHandshakeException("Received fatal alert: no_application_protocol");
                }
                isInboundDone = true;
                status = Status.CLOSED;
            }
            default -> throw new SSLException("Unsupported record type: " + source.get(start));
        }
        source.position(start + whole);
        return result(status, whole, produced);
    }

    private void onChosen(String protocol) throws SSLException {
        if (state != State.AWAITED) {
            throw new SSLException("Unexpected handshake message");
        }
        chosen = protocol;
        state = State.OPEN;
    }

    @Override
    public void closeInbound() {
        isInboundDone = true;
    }

    @Override
    public boolean isInboundDone() {
        return isInboundDone;
    }

    @Override
    public void closeOutbound() {
        isOutboundClosing = true;
    }

    @Override
    public boolean isOutboundDone() {
        return isOutboundDone;
    }

    // ---- what is always the same -----------------------------------------------------------------------------------

    @Override
    public String[] getSupportedCipherSuites() {
        return SUITES.clone();
    }

    @Override
    public String[] getEnabledCipherSuites() {
        return SUITES.clone();
    }

    @Override
    public void setEnabledCipherSuites(String[] suites) {}

    @Override
    public String[] getSupportedProtocols() {
        return VERSIONS.clone();
    }

    @Override
    public String[] getEnabledProtocols() {
        return VERSIONS.clone();
    }

    @Override
    public void setEnabledProtocols(String[] protocols) {}

    @Override
    public void setUseClientMode(boolean mode) {
        if (!mode) {
            throw new UnsupportedOperationException("clients only");
        }
    }

    @Override
    public boolean getUseClientMode() {
        return true;
    }

    @Override
    public void setNeedClientAuth(boolean need) {}

    @Override
    public boolean getNeedClientAuth() {
        return false;
    }

    @Override
    public void setWantClientAuth(boolean want) {}

    @Override
    public boolean getWantClientAuth() {
        return false;
    }

    @Override
    public void setEnableSessionCreation(boolean flag) {}

    @Override
    public boolean getEnableSessionCreation() {
        return true;
    }
}
