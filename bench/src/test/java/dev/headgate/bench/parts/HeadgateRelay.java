package dev.headgate.bench.parts;

import dev.headgate.Headgate;
import dev.headgate.HeadgateOptions;
import dev.headgate.HeadgateStartException;
import dev.headgate.config.ConfigLoader;
import dev.headgate.config.Environment;
import dev.headgate.testkit.memory.MemoryIo;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The proxy, with the settings that it has by default. */
final class HeadgateRelay implements Relay {
    static final String NO_LOG = "off";
    static final String JSON_LOG = "{format: json, to: /memory/access.log}";

    private final Problems problems = new Problems();
    private final String accessLog;
    private final String clientProtocol;
    private final String originProtocol;
    private @Nullable Headgate proxy;

    /** @param accessLog as the configuration language has it */
    HeadgateRelay(String accessLog) {
        this(accessLog, "http/1.1", "http/1.1");
    }

    private HeadgateRelay(String accessLog, String clientProtocol, String originProtocol) {
        this.accessLog = accessLog;
        this.clientProtocol = clientProtocol;
        this.originProtocol = originProtocol;
    }

    /** One whose clients speak HTTP/2. */
    static HeadgateRelay http2(String accessLog, String originProtocol) {
        return new HeadgateRelay(accessLog, "h2", originProtocol);
    }

    @Override
    public void start(MemoryIo io) {
        String config = """
                version: 1
                loops: 1
                listeners: [{name: web, address: "127.0.0.1:8080", protocols: ["%s"], limits: {requestsPerConnection: 1000000000}}]
                upstreams: {app: {endpoints: ["127.0.0.1:%d"], protocol: "%s"}}
                routes:
                - {match: {path: /app/**}, to: app}
                - {match: {path: /respond}, respond: {status: 200, body: hello}}
                - {match: {path: /redirect}, redirect: {scheme: https}}
                log: {access: %s}
                """.formatted(clientProtocol, ORIGIN.getPort(), originProtocol, accessLog);
        var read = ConfigLoader.parse("bench.yaml", config, Environment.of(Map.of()));
        try {
            proxy = Headgate.start(read.orThrow(), new HeadgateOptions(Map.of(), problems, io));
        } catch (HeadgateStartException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        if (proxy == null) {
            return;
        }
        int buffers = proxy.outstandingBuffers();
        proxy.close();
        problems.assertNone();
        if (buffers != 0) {
            throw new AssertionError(buffers + " buffers are out while nothing goes on");
        }
    }
}
