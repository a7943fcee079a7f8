package dev.headgate.tunnel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.e2e.ProxyHarness;
import dev.headgate.e2e.ProxySetup;
import dev.headgate.testkit.ThreatRow;
import dev.headgate.testkit.WebSocketFrames;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.JMException;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An idle WebSocket costs two descriptors, no buffer, and little heap. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class WebSocketMemoryIT {
    private static final int COUNT = 200;
    private static final long BYTES_MAX = 2048;

    /** Of ours, and arrays of bytes and shorts, of which some are of the JDK's sockets. */
    private static final Pattern OURS =
            Pattern.compile("(?m)^\\s*\\d+:\\s+\\d+\\s+(\\d+)\\s+(dev\\.headgate\\.\\S+|\\[[BS])(?: .*)?$");

    @TempDir
    Path folder;

    @ThreatRow("W-01")
    @Test
    void w_01_anIdleOneCostsLittle() throws JMException {
        List<TcpPeer> peers = new ArrayList<>();
        try (var origin = TcpOrigin.start();
                var proxy = ProxySetup.before(origin.address())
                        .accessLog("{format: json, to: " + folder.resolve("log") + "}")
                        .start()) {
            open(origin, proxy, peers, COUNT / 4); // Pools fill, classes load.
            long before = heapOfOurs();
            open(origin, proxy, peers, COUNT);
            proxy.awaitBuffersReturned();
            long bytes = (heapOfOurs() - before) / COUNT;
            System.Logger log = System.getLogger(WebSocketMemoryIT.class.getName());
            log.log(System.Logger.Level.INFO, "an idle WebSocket: {0} bytes of heap", bytes);
            assertTrue(bytes <= BYTES_MAX, () -> bytes + " bytes");
            assertEquals(COUNT + COUNT / 4, TunnelSetup.tunnelsOf(proxy).open());
            peers.forEach(TcpPeer::reset);
            TunnelSetup.awaitNothingLeft(proxy);
        } finally {
            peers.forEach(TcpPeer::close);
        }
    }

    private static void open(TcpOrigin origin, ProxyHarness proxy, List<TcpPeer> peers, int count) {
        String asking = WebSocketPeers.asking(
                "/chat?room=general",
                "Origin: https://chat.example.com\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko)"
                        + " Chrome/131.0.0.0 Safari/537.36\r\nSec-WebSocket-Extensions: permessage-deflate\r\n");
        for (int i = 0; i < count; i++) {
            TcpPeer client = TcpPeer.connect(proxy.port()).send(asking);
            peers.add(client);
            TcpPeer server = origin.accept();
            peers.add(server);
            WebSocketPeers.grant(client, server);
            client.send(WebSocketFrames.masked("hello"));
            server.expect(WebSocketFrames.masked("hello"));
        }
    }

    /** Of what is alive: the JVM collects garbage to answer. */
    private static long heapOfOurs() throws JMException {
        String histogram = (String) ManagementFactory.getPlatformMBeanServer()
                .invoke(
                        new ObjectName("com.sun.management:type=DiagnosticCommand"),
                        "gcClassHistogram",
                        new Object[] {new String[0]},
                        new String[] {String[].class.getName()});
        long bytes = 0;
        for (Matcher line = OURS.matcher(histogram); line.find(); ) {
            bytes += Long.parseLong(line.group(1));
        }
        assertTrue(bytes > 0, histogram);
        return bytes;
    }
}
