package dev.headgate.testkit.peer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** One accepted connection of a scripted origin: reads requests in turn and runs the script of each. */
public final class OriginConnection {
    private final ScriptedOrigin origin;
    private final int index;
    private final WireSocket socket;
    private final WireInput input;
    private final MessageReader reader;
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile boolean closedHere;
    private volatile @Nullable String peerEnd;
    private volatile ProxyHeaderReader.@Nullable Told told;

    OriginConnection(ScriptedOrigin origin, int index, WireSocket socket) {
        this.origin = origin;
        this.index = index;
        this.socket = socket;
        this.input = new WireInput(socket);
        this.reader = new MessageReader(input);
    }

    /** Serves the connection until either side ends it. */
    void run() {
        try {
            serve();
        } catch (MalformedMessageException | RuntimeException | AssertionError e) {
            if (!closedHere) {
                origin.onFault(new AssertionError("connection %d: %s".formatted(index, e.getMessage()), e));
            }
        } catch (IOException e) {
            // The proxy went away, or the script closed the connection: both are things that tests ask for.
            peerEnd = closedHere ? peerEnd : "failed: " + e.getMessage();
        } finally {
            close();
            ended.countDown();
        }
    }

    private void serve() throws IOException {
        if (origin.expectsProxyHeader()) {
            told = ProxyHeaderReader.read(input);
        }
        for (int i = 0; !closedHere; i++) {
            var head = reader.requestHead();
            if (head == null) {
                peerEnd = "closed";
                return;
            }
            var content = reader.requestContent(head.fields());
            var request = new ReceivedRequest(head, index);
            var exchange = new OriginExchange(this, request, content, i);
            origin.onRequest(request);
            origin.script(head).run(exchange);
            if (!closedHere) {
                exchange.readContent();
            }
            if (head.version().equals("HTTP/1.0")
                    || head.fields().all("connection").contains("close")) {
                return;
            }
        }
    }

    void send(byte[] bytes) throws IOException {
        socket.write(ByteBuffer.wrap(bytes));
    }

    void halfClose() throws IOException {
        socket.halfClose();
    }

    void reset() throws IOException {
        closedHere = true;
        socket.reset();
    }

    void close() {
        closedHere = true;
        socket.close();
    }

    void awaitPeerEnd() {
        try {
            input.skip(Long.MAX_VALUE);
            peerEnd = "closed";
        } catch (IOException e) {
            peerEnd = closedHere ? null : "failed: " + e.getMessage();
        }
        close();
    }

    /** Counted from 0 in order of arrival. */
    public int index() {
        return index;
    }

    /** Everything the proxy sent here, up to 1 MiB. */
    public byte[] received() {
        return input.log();
    }

    /** Whether the proxy has told whose connection it is. */
    public boolean isTold() {
        return told != null;
    }

    /** What the proxy has told of whose connection it is; of an origin that expects it, once a request is here. */
    public ProxyHeaderReader.Told told() {
        return Objects.requireNonNull(told);
    }

    /** How many bytes the proxy sent here. */
    public long receivedBytes() {
        return input.received();
    }

    /** True once either side has ended the connection. */
    public boolean isEnded() {
        return ended.getCount() == 0;
    }

    /** True when the proxy ended the connection, in an orderly way or not, rather than a script. */
    public boolean isEndedByPeer() {
        return isEnded() && peerEnd != null;
    }

    boolean isSettled() {
        return isEnded() || input.isSettled();
    }
}
