package dev.headgate.testkit.sim;

import dev.headgate.testkit.peer.MalformedMessageException;
import dev.headgate.testkit.peer.Request;
import java.nio.ByteBuffer;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Reads what the proxy sends to an origin, and checks every request to the byte. */
final class RequestWatch implements MessageStream.Parts, PeerEnd.Tap {
    private final Ledger ledger;
    private final int connection;
    private final int upstream;
    private final BooleanSupplier isStrayUnderWay;
    private final MessageStream stream = MessageStream.ofRequests(this);
    private @Nullable Planned current;
    private boolean isBroken;
    private boolean isTunnel;
    private long contentBytes;
    private long seenBytes;
    private long writeStart;

    /** @param isStrayUnderWay whether something is still to arrive at the proxy that would pass for an answer */
    RequestWatch(Ledger ledger, int connection, int upstream, BooleanSupplier isStrayUnderWay) {
        this.ledger = ledger;
        this.connection = connection;
        this.upstream = upstream;
        this.isStrayUnderWay = isStrayUnderWay;
    }

    /** The origin grants a WebSocket: what follows is checked as it arrives. */
    void becomeTunnel() {
        isTunnel = true;
    }

    @Override
    public void onWritten(ByteBuffer bytes) {
        if (isBroken || isTunnel) {
            return;
        }
        writeStart = seenBytes;
        seenBytes += bytes.remaining();
        try {
            stream.feed(bytes);
            String line = stream.partialFirstLine();
            String[] words = line.split(" ", -1);
            if (words.length == 3) {
                Planned planned = ledger.find(words[1]);
                if (planned == null || !planned.attemptConnections.contains(connection)) {
                    onAttempt(words[1], words[0], writeStart);
                }
            }
        } catch (MalformedMessageException e) {
            isBroken = true;
            ledger.violated("I2: malformed request on connection #" + connection + ": " + e.getMessage());
        }
    }

    @Override
    public void onRequest(Request head) {
        Planned planned = ledger.find(head.target());
        boolean isKnown = planned != null && planned.attemptConnections.contains(connection) && planned != current;
        current = isKnown ? planned : onAttempt(head.target(), head.method(), writeStart);
        contentBytes = 0;
    }

    private @Nullable Planned onAttempt(String target, String method, long start) {
        Planned planned = ledger.onAttempt(target, method, connection, upstream);
        if (planned != null) {
            planned.attemptStart = start;
            planned.isAnswerSpoiled |= isStrayUnderWay.getAsBoolean();
        }
        return planned;
    }

    @Override
    public void onContent(byte[] bytes, int count) {
        Planned planned = current;
        if (planned == null || planned.isSpoiled) {
            return;
        }
        for (int i = 0; i < count; i++) {
            if (bytes[i] != planned.requestByte(contentBytes + i)) {
                ledger.violated("I2: request content differs at " + (contentBytes + i) + ": " + planned);
                return;
            }
        }
        contentBytes += count;
    }

    @Override
    public void onMessageEnd() {
        Planned planned = current;
        if (planned == null || planned.isSpoiled) {
            return;
        }
        int expected = Math.max(0, planned.bodyLength);
        if (contentBytes != expected) {
            ledger.violated("I2: request content has " + contentBytes + " of " + expected + " bytes: " + planned);
        }
    }
}
