package dev.headgate.testkit.peer;

import dev.headgate.testkit.Await;
import dev.headgate.testkit.Hex;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * An origin that does what its scripts say and records every byte it receives. It refuses what is not a canonical
 * request: such a fault, or a failure in a script, fails the test when the origin is closed.
 */
public final class ScriptedOrigin implements AutoCloseable {
    // Longer than any test lives: an origin waits as long as its peer lets it.
    private static final Duration CONNECTION_TIMEOUT = Duration.ofMinutes(10);

    private final ServerSocketChannel server;
    private final SocketAddress address;
    private final Thread accepting;
    private final Map<String, OriginScript> scripts = new ConcurrentHashMap<>();
    private final List<OriginConnection> connections = new CopyOnWriteArrayList<>();
    private final List<ReceivedRequest> requests = new CopyOnWriteArrayList<>();
    private final List<AssertionError> faults = new CopyOnWriteArrayList<>();
    private volatile boolean expectsProxyHeader;
    private volatile @Nullable RefusingPort refusing;
    private volatile OriginScript otherwise = OriginScript.ok("scripted origin");

    private ScriptedOrigin(ServerSocketChannel server) throws IOException {
        this.server = server;
        this.address = server.getLocalAddress();
        this.accepting = Thread.ofVirtual().name("origin-accept").start(this::accept);
    }

    /** Listens on an ephemeral loopback port. */
    public static ScriptedOrigin start() {
        return start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    /** Listens on another loopback address, such as 127.0.0.2, and the port of an origin that listens on the usual one. */
    public static ScriptedOrigin startBeside(ScriptedOrigin other, String address) {
        return start(new InetSocketAddress(address, other.port()));
    }

    /** Listens on a Unix-domain socket. */
    public static ScriptedOrigin startUnix(Path path) {
        return start(UnixDomainSocketAddress.of(path));
    }

    private static ScriptedOrigin start(SocketAddress address) {
        var family =
                address instanceof UnixDomainSocketAddress ? StandardProtocolFamily.UNIX : StandardProtocolFamily.INET;
        try {
            ServerSocketChannel server = ServerSocketChannel.open(family);
            if (server.supportedOptions().contains(StandardSocketOptions.SO_REUSEPORT)) {
                server.setOption(StandardSocketOptions.SO_REUSEPORT, true); // for refuse()
            }
            return new ScriptedOrigin(server.bind(address));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What to do with requests for this path, its query not counted. */
    public ScriptedOrigin on(String path, OriginScript script) {
        scripts.put(path, script);
        return this;
    }

    /** What to do with all other requests; 200 unless set. */
    public ScriptedOrigin otherwise(OriginScript script) {
        otherwise = script;
        return this;
    }

    /** Each connection has to begin with the header of the PROXY protocol. */
    public ScriptedOrigin expectingProxyHeader() {
        expectsProxyHeader = true;
        return this;
    }

    boolean expectsProxyHeader() {
        return expectsProxyHeader;
    }

    /** Ends the connections that there are, and goes on accepting. */
    public void endConnections() {
        connections.forEach(OriginConnection::close);
    }

    /**
     * Ends the connections that there are, and refuses others from now on. The port stays its own until it is closed: one that is given up may
     * soon be somebody else's, who answers.
     */
    public void refuse() {
        try {
            refusing = RefusingPort.beside((InetSocketAddress) address);
            server.close();
            accepting.join(Await.DEADLINE); // The socket listens until nobody waits for it to accept.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        endConnections();
    }

    public int port() {
        return ((InetSocketAddress) address).getPort();
    }

    /** The endpoint as a configuration names it. */
    public String address() {
        return "127.0.0.1:" + port();
    }

    private void accept() {
        while (server.isOpen()) {
            try {
                var socket = new WireSocket(server.accept(), CONNECTION_TIMEOUT);
                var connection = new OriginConnection(this, connections.size(), socket);
                connections.add(connection);
                Thread.ofVirtual().name("origin-" + connection.index()).start(connection::run);
            } catch (IOException _) {
                // The listening socket was closed: the loop condition ends the thread.
            }
        }
    }

    // Called by connections.

    void onRequest(ReceivedRequest request) {
        requests.add(request);
    }

    void onFault(AssertionError fault) {
        faults.add(fault);
    }

    OriginScript script(Request head) {
        int query = head.target().indexOf('?');
        String path = query < 0 ? head.target() : head.target().substring(0, query);
        return scripts.getOrDefault(path, otherwise);
    }

    // What was recorded.

    /** All connections in order of arrival, ended ones too. */
    public List<OriginConnection> connections() {
        return List.copyOf(connections);
    }

    /** All requests in order of arrival of their heads. */
    public List<ReceivedRequest> requests() {
        return List.copyOf(requests);
    }

    /** Method and target of every request: {@code "GET /x"}. */
    public List<String> requestLines() {
        return requests.stream().map(ReceivedRequest::line).toList();
    }

    /** Waits for the request with this index, counted from 0, to be received with all its content. */
    public ReceivedRequest awaitRequest(int index) {
        Await.until(
                "request " + index + " at the origin",
                () -> requests.size() > index && requests.get(index).isComplete());
        return requests.get(index);
    }

    /** The last request; fails when there is none. */
    public ReceivedRequest lastRequest() {
        if (requests.isEmpty()) {
            throw new AssertionError("the origin received no request");
        }
        return requests.getLast();
    }

    /** How many bytes came on all connections together. */
    public long receivedBytes() {
        return connections.stream().mapToLong(OriginConnection::receivedBytes).sum();
    }

    /** Waits until all bytes that the kernel has taken for this origin have been recorded. */
    public void settle() {
        Await.until("origin has read what arrived", () -> connections.stream().allMatch(OriginConnection::isSettled));
    }

    /** Fails when a single byte was received. */
    public void assertReceivedNothing() {
        settle();
        for (var connection : connections) {
            if (connection.receivedBytes() > 0) {
                throw new AssertionError("origin received on connection %d:%n%s"
                        .formatted(connection.index(), Hex.dump(connection.received())));
            }
        }
    }

    /** Fails when a peer sent a request that is not canonical or a script failed. */
    public void assertNoFault() {
        if (!faults.isEmpty()) {
            var first = faults.getFirst();
            throw new AssertionError("origin: " + first.getMessage() + " (" + faults.size() + " faults)", first);
        }
    }

    /** Forgets recorded requests and faults; connections stay. */
    public void forget() {
        requests.clear();
        faults.clear();
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        connections.forEach(OriginConnection::close);
        RefusingPort port = refusing;
        if (port != null) {
            port.close();
        }
        assertNoFault();
    }
}
