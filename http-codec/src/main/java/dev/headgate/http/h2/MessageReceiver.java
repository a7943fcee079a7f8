package dev.headgate.http.h2;

import dev.headgate.http.FieldSection;
import dev.headgate.http.RequestHead;
import dev.headgate.http.ResponseHead;
import dev.headgate.http.h1.TrailerPolicy;
import dev.headgate.http.hpack.HpackDecoder;
import dev.headgate.http.hpack.HpackLimits;
import dev.headgate.http.hpack.HpackSink;
import dev.headgate.http.hpack.HpackViolation;
import dev.headgate.http.uri.TargetCanonicaliser;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Makes heads and trailer sections of field blocks, and tells of them (RFC 9113 §8.1). Every block is decoded, whatever
 * becomes of its stream: the compression table goes through all of them (RFC 9113 §4.3).
 */
final class MessageReceiver {
    private static final HpackSink NOBODY =
            (id, flags, offset, nameLength, valueLength) -> offset + nameLength + valueLength + 4;

    private final Http2Role role;
    private final Http2HeadLimits limits;
    private final Http2Scratch scratch;
    private final HpackDecoder decoder;
    private final Streams streams;
    private final StreamFaults faults;
    private final AbuseGuard guard;
    private final LocalSettings localSettings;
    private final PeerSettings peerSettings;
    private final EarlyPriorities earlyPriorities;
    private final Http2Listener listener;

    MessageReceiver(
            Http2Role role,
            Http2HeadLimits limits,
            Http2Scratch scratch,
            HpackDecoder decoder,
            Streams streams,
            StreamFaults faults,
            AbuseGuard guard,
            LocalSettings localSettings,
            PeerSettings peerSettings,
            EarlyPriorities earlyPriorities,
            Http2Listener listener) {
        this.role = role;
        this.limits = limits;
        this.scratch = scratch;
        this.decoder = decoder;
        this.streams = streams;
        this.faults = faults;
        this.guard = guard;
        this.localSettings = localSettings;
        this.peerSettings = peerSettings;
        this.earlyPriorities = earlyPriorities;
        this.listener = listener;
    }

    /**
     * A block is whole.
     *
     * @param fault what is wrong with the frame that it came in, as far as that is its stream's matter, or null
     * @return what ends the connection, or null
     */
    @Nullable
    Http2Violation onBlock(
            int id, StreamEnd end, @Nullable Http2Violation fault, ByteBuffer block, int from, int to, long nowNs) {
        Http2Stream stream = streams.get(id);
        if (stream != null) {
            return onOpenStream(stream, end, fault, block, from, to, nowNs);
        }
        if (!streams.isIdle(id)) {
            return streams.isIgnored(id) ? ignore(id, block, from, to, nowNs) : Http2Violation.STREAM_GONE;
        }
        if (!streams.isPeers(id) || !role.isServer()) {
            return streams.isPeers(id) || role.isServer()
                    ? Http2Violation.STREAM_ID_PARITY
                    : Http2Violation.STREAM_IDLE;
        }
        streams.onPeersId(id);
        if (streams.isIgnored(id)) {
            return ignore(id, block, from, to, nowNs);
        }
        return onNewStream(id, end, fault, block, from, to, nowNs);
    }

    private @Nullable Http2Violation onOpenStream(
            Http2Stream stream,
            StreamEnd end,
            @Nullable Http2Violation fault,
            ByteBuffer block,
            int from,
            int to,
            long nowNs) {
        Http2Violation found = fault;
        if (found == null && !stream.state.canReceive()) {
            found = Http2Violation.STREAM_ENDED;
        }
        if (found == null && stream.isTunnel) {
            found = Http2Violation.CONNECT_FIELDS;
        }
        if (found == null && stream.isHeadReceived && end == StreamEnd.OPEN) {
            found = Http2Violation.TRAILERS_OPEN;
        }
        if (found != null) {
            Http2Violation ofBlock = discard(block, from, to);
            return ofBlock != null ? ofBlock : faults.reset(stream, found, nowNs);
        }
        return stream.isHeadReceived
                ? onTrailers(stream, block, from, to, nowNs)
                : onResponse(stream, end, block, from, to, nowNs);
    }

    private @Nullable Http2Violation ignore(int id, ByteBuffer block, int from, int to, long nowNs) {
        Http2Violation ofBlock = discard(block, from, to);
        if (ofBlock != null) {
            return ofBlock;
        }
        return streams.isPeers(id) ? guard.onGlitch(nowNs) : guard.onStrayAnswer(nowNs);
    }

    /** Takes a block through the table; what ends the connection, or null. */
    private @Nullable Http2Violation discard(ByteBuffer block, int from, int to) {
        int answer = decoder.decode(block, from, to, scratch.store, 0, limits.head(), NOBODY);
        return answer == HpackDecoder.REFUSED ? violationOfBlock() : null;
    }

    private Http2Violation violationOfBlock() {
        HpackViolation violation = decoder.violation();
        return violation == null ? Http2Violation.COMPRESSION : Http2Violation.of(violation);
    }

    // Requests

    private @Nullable Http2Violation onNewStream(
            int id, StreamEnd end, @Nullable Http2Violation fault, ByteBuffer block, int from, int to, long nowNs) {
        Http2Violation burst = guard.onStream(streams.peersMax());
        if (burst != null) {
            return burst;
        }
        Http2Violation found = streams.mayPeerOpen() ? fault : Http2Violation.STREAM_REFUSED;
        if (found != null) {
            Http2Violation ofBlock = discard(block, from, to);
            return ofBlock != null ? ofBlock : faults.resetUnborn(id, found, nowNs);
        }
        RequestHead head = scratch.request;
        head.clear();
        scratch.collector.start(head.fields(), scratch.store, FieldCollector.Kind.REQUEST);
        int tableBytes = decoder.tableBytes();
        int answer = decode(block, from, to, limits.head());
        if (answer == HpackDecoder.REFUSED) {
            return violationOfBlock();
        }
        boolean isInOrder = scratch.collector.finish();
        head.headLength(scratch.collector.end());
        if (isInOrder) {
            scratch.requestRules.finish(
                    scratch.collector, head, scratch.control, end, role == Http2Role.SERVER_WITH_EXTENDED_CONNECT);
        }
        // A list that is too long is judged as far as it goes: its request may have been malformed before.
        Http2Violation violation =
                answer == HpackDecoder.TOO_LARGE ? violationOfBlock() : scratch.collector.violation();
        if (violation != null && violation.status() == 0) {
            return faults.resetUnborn(id, violation, nowNs);
        }
        // One that is refused is answered, and not held.
        int heldBytes = violation == null ? scratch.collector.end() + TargetCanonicaliser.growthMax(head) : 0;
        int surplus = HeldSurplus.of(heldBytes, tableBytes, to - from);
        if (!streams.surplus().admits(surplus)) {
            open(id, end, head, 0, 0, Http2Violation.HEAD_REPETITION, nowNs);
            return null;
        }
        if (!streams.surplus().take(surplus)) {
            return faults.resetUnborn(id, Http2Violation.HEAD_SURPLUS, nowNs);
        }
        open(id, end, head, surplus, HeldSurplus.used(heldBytes, to - from), violation, nowNs);
        return null;
    }

    private int decode(ByteBuffer block, int from, int to, HpackLimits listLimits) {
        return decoder.decode(block, from, to, scratch.store, 0, listLimits, scratch.collector);
    }

    private void open(
            int id,
            StreamEnd end,
            RequestHead head,
            int surplus,
            int tableUse,
            @Nullable Http2Violation refusal,
            long nowNs) {
        Http2Stream stream =
                streams.openPeers(id, peerSettings.windowBytes(), localSettings.streamWindowBytes(), nowNs);
        stream.isHeadReceived = true;
        stream.surplusBytes = surplus;
        stream.tableUseBytes = tableUse;
        stream.method = head.method();
        stream.expectedBytes = scratch.collector.contentLength();
        int early = earlyPriorities.get(id);
        stream.priority = early == EarlyPriorities.UNKNOWN ? scratch.collector.priority() : early;
        if (end == StreamEnd.END) {
            stream.state = stream.state.onRemoteEnd();
        }
        if (refusal == null) {
            listener.onRequest(stream, head, scratch.control, end);
        } else {
            listener.onViolation(refusal, id);
            listener.onRequestRefused(stream, head, refusal, end);
        }
    }

    // Responses

    private @Nullable Http2Violation onResponse(
            Http2Stream stream, StreamEnd end, ByteBuffer block, int from, int to, long nowNs) {
        ResponseHead head = scratch.response;
        head.clear();
        scratch.collector.start(head.fields(), scratch.store, FieldCollector.Kind.RESPONSE);
        int answer = decode(block, from, to, limits.head());
        if (answer == HpackDecoder.REFUSED) {
            return violationOfBlock();
        }
        if (answer == HpackDecoder.TOO_LARGE) {
            return faults.reset(stream, violationOfBlock(), nowNs);
        }
        if (!scratch.collector.finish() || !ResponseRules.finish(scratch.collector, head, end, stream.method)) {
            return faults.reset(stream, malformed(scratch.collector.violation()), nowNs);
        }
        if (head.isInterim()) {
            listener.onInterim(stream, head);
            return null;
        }
        guard.onProgress();
        stream.isHeadReceived = true;
        stream.isContentForbidden = ResponseRules.isContentForbidden(head.status(), stream.method);
        stream.isTunnel = ResponseRules.isTunnel(head.status(), stream.method);
        stream.expectedBytes = stream.isContentForbidden || stream.isTunnel
                ? Http2Stream.UNKNOWN_LENGTH
                : scratch.collector.contentLength();
        if (end == StreamEnd.END) {
            endRemote(stream);
        }
        listener.onResponse(stream, head, end);
        return null;
    }

    private static Http2Violation malformed(@Nullable Http2Violation violation) {
        return violation == null ? Http2Violation.PSEUDO_MISSING : violation;
    }

    // Ends

    private @Nullable Http2Violation onTrailers(Http2Stream stream, ByteBuffer block, int from, int to, long nowNs) {
        FieldSection trailers = scratch.trailers;
        trailers.clear();
        scratch.collector.start(trailers, scratch.store, FieldCollector.Kind.TRAILERS);
        int tableBytes = decoder.tableBytes();
        int answer = decode(block, from, to, limits.trailers());
        if (answer == HpackDecoder.REFUSED) {
            return violationOfBlock();
        }
        if (answer == HpackDecoder.TOO_LARGE) {
            return faults.reset(stream, Http2Violation.TRAILERS_TOO_LARGE, nowNs);
        }
        if (!scratch.collector.finish()) {
            return faults.reset(stream, malformed(scratch.collector.violation()), nowNs);
        }
        if (isShort(stream)) {
            return faults.reset(stream, Http2Violation.CONTENT_LENGTH_MISMATCH, nowNs);
        }
        int surplus = HeldSurplus.ofTrailers(scratch.collector.end(), tableBytes, to - from, stream.tableUseBytes);
        if (!streams.surplus().take(surplus)) {
            return faults.reset(stream, Http2Violation.TRAILERS_SURPLUS, nowNs);
        }
        stream.surplusBytes += surplus;
        guard.onProgress();
        TrailerPolicy.apply(trailers);
        endRemote(stream);
        listener.onEnd(stream, trailers);
        return null;
    }

    /** Whether less content has come than was announced. */
    static boolean isShort(Http2Stream stream) {
        return stream.expectedBytes != Http2Stream.UNKNOWN_LENGTH && stream.receivedBytes < stream.expectedBytes;
    }

    /** The peer has ended its side. */
    void endRemote(Http2Stream stream) {
        StreamState next = stream.state.onRemoteEnd();
        if (next == StreamState.CLOSED) {
            streams.onClosed(stream);
        } else {
            stream.state = next;
        }
    }
}
