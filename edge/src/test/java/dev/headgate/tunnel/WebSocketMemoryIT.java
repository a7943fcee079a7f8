package dev.headgate.tunnel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.e2e.ProxyHarness;
import dev.headgate.e2e.ProxySetup;
import dev.headgate.testkit.Await;
import dev.headgate.testkit.ThreatRow;
import dev.headgate.testkit.WebSocketFrames;
import dev.headgate.testkit.h2.Http2OriginPeer;
import java.io.IOException;
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

    /** Of ours without the test kit's, which remembers what it has heard. */
    private static final Pattern OURS_ALONE =
            Pattern.compile("(?m)^\\s*\\d+:\\s+\\d+\\s+(\\d+)\\s+(dev\\.headgate\\.(?!testkit)\\S+)(?: .*)?$");

    @TempDir
    Path folder;

    @ThreatRow("W-01")
    @Test
    void w_01_anIdleOneCostsLittle() throws JMException {
        List<TcpPeer> peers = new ArrayList<>();
        try (var origin = TcpOrigin.start();
                var proxy = ProxySetup.before(origin.address())
                        .accessLog("{format: json, to: " + folder.resolve("log") + "}")
                        .upstream(TunnelSetup.SOON_AT_REST)
                        .start()) {
            open(origin, proxy, peers, COUNT / 4); // Pools fill, classes load.
            long before = heap(OURS);
            open(origin, proxy, peers, COUNT);
            proxy.awaitBuffersReturned();
            long bytes = (heap(OURS) - before) / COUNT;
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

    /** On streams of one connection to the origin. */
    @ThreatRow("W-01")
    @Test
    void w_01_anIdleOneOnAStreamCostsLittleToo() throws JMException, IOException {
        List<TcpPeer> peers = new ArrayList<>();
        try (var origin = PlayedOrigin.start();
                var proxy = ProxySetup.before(origin.address())
                        .upstream("protocol: h2, http2: {streams: 1000, pingInterval: 0s}")
                        .start()) {
            peers.add(TcpPeer.connect(proxy.port()).send(WebSocketPeers.ASKING));
            Http2OriginPeer server = origin.offer();
            grantNext(server, peers.getFirst());
            open(server, proxy, peers, COUNT / 4);
            long before = heap(OURS_ALONE);
            open(server, proxy, peers, COUNT);
            proxy.awaitBuffersReturned();
            long bytes = (heap(OURS_ALONE) - before) / COUNT;
            System.Logger log = System.getLogger(WebSocketMemoryIT.class.getName());
            log.log(System.Logger.Level.INFO, "an idle WebSocket on a stream: {0} bytes of heap", bytes);
            assertTrue(bytes <= BYTES_MAX, () -> bytes + " bytes");
            assertEquals(COUNT + COUNT / 4 + 1, TunnelSetup.tunnelsOf(proxy).open());
            assertEquals(1, origin.connections());
            peers.forEach(TcpPeer::reset);
            Await.until("no tunnel is left", () -> TunnelSetup.tunnelsOf(proxy).open() == 0);
        } finally {
            peers.forEach(TcpPeer::close);
        }
    }

    private static void open(Http2OriginPeer server, ProxyHarness proxy, List<TcpPeer> peers, int count)
            throws IOException {
        for (int i = 0; i < count; i++) {
            TcpPeer client = TcpPeer.connect(proxy.port()).send(WebSocketPeers.ASKING);
            peers.add(client);
            grantNext(server, client);
        }
    }

    private static void grantNext(Http2OriginPeer server, TcpPeer client) throws IOException {
        byte[] hello = WebSocketFrames.masked("hello");
        int id = server.request().streamId();
        server.head(id, 0, 200);
        assertTrue(WebSocketPeers.head(client).startsWith("HTTP/1.1 101 "));
        client.send(hello);
        server.awaitContent(id, hello.length);
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
    private static long heap(Pattern classes) throws JMException {
        String histogram = (String) ManagementFactory.getPlatformMBeanServer()
                .invoke(
                        new ObjectName("com.sun.management:type=DiagnosticCommand"),
                        "gcClassHistogram",
                        new Object[] {new String[0]},
                        new String[] {String[].class.getName()});
        long bytes = 0;
        for (Matcher line = classes.matcher(histogram); line.find(); ) {
            bytes += Long.parseLong(line.group(1));
        }
        assertTrue(bytes > 0, histogram);
        return bytes;
    }
}
