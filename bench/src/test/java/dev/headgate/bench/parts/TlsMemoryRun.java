package dev.headgate.bench.parts;

import dev.headgate.Headgate;
import dev.headgate.HeadgateOptions;
import dev.headgate.HeadgateStartException;
import dev.headgate.config.ConfigLoader;
import dev.headgate.config.Environment;
import dev.headgate.testkit.TestCertificates;
import dev.headgate.testkit.memory.MemoryIo;
import dev.headgate.testkit.memory.MemoryPeer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The proxy between a client that speaks TLS and an origin that does not, on one thread, over sockets in memory. */
final class TlsMemoryRun implements AutoCloseable {
    private static final int PIPE_BYTES = 256 << 10;

    private final MemoryIo io = new MemoryIo(PIPE_BYTES);
    private final Traffic traffic;
    private final TlsClientInMemory client;
    private final List<MemoryPeer> origins = new ArrayList<>();
    private final Headgate proxy;
    private final MemoryPeer socket;
    private final int requestBytes; // as it reaches the origin
    private final int answerBytes; // plain, as it reaches the client

    TlsMemoryRun(Traffic traffic, String version, TestCertificates files) throws IOException {
        this.traffic = traffic;
        io.origin(Relay.ORIGIN, origins::add);
        for (Path file : List.of(files.chain(), files.key())) io.file(file, Files.readAllBytes(file));
        proxy = start(io, files);
        client = new TlsClientInMemory(version);
        socket = io.connectClient();
        handshake();
        socket.send(client.protect(traffic.requests));
        io.settle();
        requestBytes = origins.getFirst().arrived();
        serve();
        io.settle();
        answerBytes = answer().length;
    }

    private static Headgate start(MemoryIo io, TestCertificates files) {
        String config = """
                version: 1
                loops: 1
                listeners:
                - name: web
                  address: "127.0.0.1:8443"
                  limits: {requestsPerConnection: 1000000000}
                  tls: {sniHost: any, watch: 0s, certificates: [{chain: '%s', key: '%s', default: true}]}
                upstreams: {app: {endpoints: ["127.0.0.1:%d"]}}
                routes: [{to: app}]
                log: {access: %s}
                """.formatted(files.chain(), files.key(), Relay.ORIGIN.getPort(), HeadgateRelay.JSON_LOG);
        var read = ConfigLoader.parse("bench.yaml", config, Environment.of(Map.of()));
        try {
            return Headgate.start(read.orThrow(), new HeadgateOptions(Map.of(), new Problems(), io));
        } catch (HeadgateStartException e) {
            throw new IllegalStateException(e);
        }
    }

    private void handshake() throws IOException {
        for (int turn = 0; turn < 10 && !client.isHandshakeDone(); turn++) {
            socket.send(client.handshake());
            io.settleWork();
            client.receive(arrivedBytes());
        }
        socket.send(client.handshake());
        io.settleWork();
        if (!client.isHandshakeDone()) throw new AssertionError("no handshake");
    }

    private byte[] arrivedBytes() {
        byte[] bytes = new byte[socket.arrived()];
        for (int i = 0; i < bytes.length; i++) bytes[i] = socket.at(i);
        socket.drop(bytes.length);
        return bytes;
    }

    private void serve() {
        MemoryPeer origin = origins.getFirst();
        origin.drop(origin.arrived());
        origin.send(traffic.originAnswer);
    }

    private byte[] answer() throws IOException {
        client.receive(arrivedBytes());
        return client.plain();
    }

    /** Plain bytes of an answer. */
    int answerBytes() {
        return answerBytes;
    }

    /** The next request, protected. */
    byte[] request() throws IOException {
        return client.protect(traffic.requests);
    }

    /** All that the proxy does for it, up to the protected answer. */
    void relay(byte[] request) {
        socket.send(request);
        io.settle();
        serve();
        io.settle();
    }

    /** Checks that the answer is there, and makes ready for another. */
    void finish() throws IOException {
        int length = answer().length;
        if (length != answerBytes) throw new AssertionError("answer of " + length + " instead of " + answerBytes);
        io.runAgents();
        if (requestBytes == 0) throw new AssertionError("the origin was not asked");
    }

    @Override
    public void close() {
        socket.end();
        io.settle();
        int buffers = proxy.outstandingBuffers();
        proxy.close();
        if (buffers != 0) throw new AssertionError(buffers + " buffers are out while nothing goes on");
    }
}
