package dev.headgate.listener;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headgate.e2e.ProxyHarness;
import dev.headgate.e2e.ProxySetup;
import dev.headgate.e2e.SteeredIo;
import dev.headgate.testkit.Await;
import dev.headgate.testkit.ThreatRow;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What an operator sees when descriptors run out. */
@Timeout(value = 30, unit = TimeUnit.SECONDS)
class AcceptFailureIT {
    private static final String GET = "GET / HTTP/1.1␍␊Host: a␍␊␍␊";

    private final SteeredIo io = new SteeredIo();

    private ProxyHarness start() {
        return ProxySetup.before("127.0.0.1:1")
                .route("{respond: {status: 200}}")
                .start(io);
    }

    @ThreatRow("DOS-05")
    @Test
    void dos_05_isToldWithTheListenerAndCountedForTheLoop() {
        try (var proxy = start()) {
            io.acceptFailures.set(1);
            try (var shed = proxy.connect()) {
                shed.expectEnd();
            }
            Await.until(
                    "the log tells",
                    () -> proxy.errorLog()
                            .contains("ERROR event=accept_failed listener=web failure=\"Too many open files\""));
            try (var late = proxy.connect()) {
                late.send(GET).expectStatus(200);
            }
            var loop = proxy.metrics().loops().getFirst();
            assertEquals(1, loop.acceptFailures());
            assertEquals(1, loop.descriptorShortages());
            assertEquals(1, loop.connectionsRefused());
            assertEquals(1, loop.connectionsAccepted());
        }
    }

    @Test
    void loopsCountWhatGoesThroughThem() {
        try (var proxy = start();
                var client = proxy.connect()) {
            client.send(GET).expectStatus(200);
            Await.until(
                    "the write is counted",
                    () -> proxy.metrics().loops().getFirst().bytesWritten() > 0);
            var loop = proxy.metrics().loops().getFirst();
            assertEquals(1, loop.reads());
            assertEquals(1, loop.writes());
            assertEquals(GET.length(), loop.bytesRead());
            assertEquals(0, loop.connectionsClosed() + loop.mailboxRejects() + loop.budgetAborts());
        }
    }
}
