package dev.headgate.fuzz.work;

import dev.headgate.Headgate;
import dev.headgate.HeadgateOptions;
import dev.headgate.HeadgateStartException;
import dev.headgate.config.ConfigLoader;
import dev.headgate.config.Environment;
import dev.headgate.testkit.memory.MemoryIo;
import dev.headgate.testkit.memory.MemoryPeer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ResourceBundle;
import org.jspecify.annotations.Nullable;

/** A proxy with its log and many routes, before an origin, all in memory and on the caller's thread. */
final class ProbedProxy {
    private static final int PIPE_BYTES = 1 << 20;
    private static final InetSocketAddress ORIGIN = new InetSocketAddress(InetAddress.getLoopbackAddress(), 9000);
    private static final byte[] REQUEST = ascii("GET /a HTTP/1.1\r\nHost: a\r\n\r\n");
    private static final byte[] ANSWER = ascii("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");

    private final MemoryIo io = new MemoryIo(PIPE_BYTES);
    private final List<MemoryPeer> origins = new ArrayList<>();

    /** Each argument is a key with its value, or empty. */
    ProbedProxy(String ofListener, String ofUpstream) {
        io.origin(ORIGIN, origins::add);
        var config = new StringBuilder(
                "version: 1\nloops: 1\nlisteners:\n- name: web\n  address: 127.0.0.1:8080\n  " + ofListener
                        + "\nupstreams:\n  app:\n    endpoints: \"127.0.0.1:9000\"\n    " + ofUpstream + "\nroutes:\n");
        for (String word : EqualHash.words(100)) {
            config.append("- {match: {host: %s.example, path: /%s}, respond: {status: 403}}\n".formatted(word, word));
        }
        config.append("- to: app\nlog: {access: {format: json, to: /memory/access.log}}\n");
        var read = ConfigLoader.parse("probe.yaml", config.toString(), Environment.of(Map.of()));
        try {
            Headgate.start(read.orThrow(), new HeadgateOptions(Map.of(), SILENT, io));
        } catch (HeadgateStartException e) {
            throw new IllegalStateException(e);
        }
        pass(REQUEST); // What is there after the first message is no cost of a later one.
    }

    /** A client sends {@code message}, or an origin does when it is a response. */
    void pass(byte[] message) {
        boolean isResponse = message.length > 5 && new String(message, 0, 5, StandardCharsets.US_ASCII).equals("HTTP/");
        MemoryPeer client = io.connectClient();
        client.send(isResponse ? REQUEST : message);
        io.settle();
        for (MemoryPeer origin : List.copyOf(origins)) {
            if (origin.arrived() > 0) {
                origin.drop(origin.arrived());
                origin.send(isResponse ? message : ANSWER);
                io.settle();
                origin.end();
                origins.remove(origin);
            }
        }
        client.drop(client.arrived());
        client.end();
        io.settle();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Refusals and failures of origins are what the messages are for. */
    private static final System.Logger SILENT = new System.Logger() {
        @Override
        public String getName() {
            return "probe";
        }

        @Override
        public boolean isLoggable(Level level) {
            return false;
        }

        @Override
        public void log(
                Level level, @Nullable ResourceBundle bundle, @Nullable String message, @Nullable Throwable thrown) {}

        @Override
        public void log(
                Level level, @Nullable ResourceBundle bundle, @Nullable String format, @Nullable Object... params) {}
    };
}
