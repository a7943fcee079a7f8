package dev.headgate.engine;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/** An echo server in a process of its own: prints its port, then its counters for every line it gets. */
final class DescriptorLimitChild {
    private DescriptorLimitChild() {}

    public static void main(String[] arguments) throws IOException {
        try (Engine engine = Engine.start(EngineOptions.builder().loops(1).build());
                BufferedReader questions =
                        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII))) {
            Listener listener = engine.listen(ListenOptions.at(TestEngine.anyPort()), (loop, connection) -> new Echo());
            System.out.println(((InetSocketAddress) listener.address()).getPort());
            while (questions.readLine() != null) {
                LoopCounters counters = engine.loop(0).counters();
                System.out.println(counters.acceptFailures() + " " + counters.connectionsRefused());
            }
        }
    }
}
