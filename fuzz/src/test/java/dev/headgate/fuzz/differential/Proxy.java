package dev.headgate.fuzz.differential;

import dev.headgate.Headgate;
import dev.headgate.HeadgateOptions;
import dev.headgate.HeadgateStartException;
import dev.headgate.config.ConfigLoader;
import dev.headgate.config.Environment;
import dev.headgate.testkit.Await;
import dev.headgate.testkit.peer.OriginExchange;
import dev.headgate.testkit.peer.RawClient;
import dev.headgate.testkit.peer.ScriptedOrigin;
import java.io.IOException;
import java.net.InetSocketAddress;

/** The proxy under test with its defaults, on real sockets, and an {@link Ear} in it. */
final class Proxy implements Judge {
    private final ScriptedOrigin origin = ScriptedOrigin.start();
    private final FailureLogger log = new FailureLogger();
    private final Ear ear;
    private final Headgate headgate;

    private Proxy(Ear ear) {
        this.ear = ear;
        origin.otherwise(Proxy::answer);
        String yaml = """
            version: 1
            loops: 1
            listeners: [{name: web, address: "127.0.0.1:0"}]
            upstreams: {app: {endpoints: ["%s"], retry: {attempts: 1}}}
            routes: [{name: all, to: app}]
            log: {access: off}
            """.formatted(origin.address());
        var config = ConfigLoader.parse("differential.yaml", yaml, Environment.ofProcess())
                .orThrow();
        var options = HeadgateOptions.loggingTo(log).withFilter("all", ear);
        try {
            headgate = Headgate.start(config, options);
        } catch (HeadgateStartException e) {
            throw new AssertionError("cannot start", e);
        }
    }

    /** Answers 200 without content; a client that waits to be asked for its content is asked. */
    static void answer(OriginExchange exchange, String... fieldLines) throws IOException {
        if (exchange.request().fields().has("expect")) {
            exchange.send("HTTP/1.1 100 Continue␍␊␍␊");
        }
        exchange.respond(200, "", fieldLines);
    }

    static Proxy start(Ear ear) {
        return new Proxy(ear);
    }

    Ear ear() {
        return ear;
    }

    @Override
    public String name() {
        return "headgate";
    }

    @Override
    public RawClient connect() {
        var address = (InetSocketAddress) headgate.listeners().getFirst().address();
        return RawClient.connect(address.getPort());
    }

    @Override
    public ScriptedOrigin origin() {
        return origin;
    }

    /** The proxy has read what its client gets. */
    @Override
    public void breakOff(OriginExchange exchange, RawClient client) throws IOException {
        Await.until("the client gets something", () -> client.received().length > 0);
        exchange.reset();
    }

    /** Ends the proxy; its clients are gone, so every buffer has to come back. What it sent has to be canonical. */
    @Override
    public void close() {
        try {
            Await.until("no buffer is out", () -> headgate.outstandingBuffers() == 0);
        } finally {
            headgate.close();
            origin.close();
            log.assertNoFailure();
        }
    }
}
