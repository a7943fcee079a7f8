package dev.headgate.bench.fault.origin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.testkit.Await;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class FaultOriginIT {
    @TempDir
    Path folder;

    private CounterFile counters;
    private InetSocketAddress address;
    private FaultOrigin origin;

    @BeforeEach
    void start() throws Exception {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            address = new InetSocketAddress(InetAddress.getLoopbackAddress(), free.getLocalPort());
        }
        counters = CounterFile.open(folder.resolve("counters"));
        origin = FaultOrigin.start(address, counters);
    }

    @AfterEach
    void stop() throws Exception {
        origin.carryOut(Command.REFUSE);
    }

    private Socket connect() throws Exception {
        Socket socket = new Socket(address.getAddress(), address.getPort());
        socket.setSoTimeout(10_000);
        return socket;
    }

    private static void send(Socket socket, String path) throws Exception {
        socket.getOutputStream()
                .write(("GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
    }

    /** The head; content is taken and thrown away. */
    private static String head(Socket socket) throws Exception {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = socket.getInputStream().read();
            if (next < 0) return head.toString();
            head.append((char) next);
        }
        int at = head.indexOf("Content-Length: ") + "Content-Length: ".length();
        socket.getInputStream().readNBytes(Integer.parseInt(head.substring(at, head.indexOf("\r\n", at))));
        return head.toString();
    }

    private static int ask(Socket socket, String path) throws Exception {
        send(socket, path);
        return Integer.parseInt(head(socket).substring("HTTP/1.1 ".length(), "HTTP/1.1 200".length()));
    }

    @Test
    void answersAndCountsRequestsAndChecksApart() throws Exception {
        try (Socket client = connect()) {
            assertEquals(200, ask(client, "/1k"));
            assertEquals(200, ask(client, "/"));
            assertEquals(200, ask(client, "/health"));
        }
        assertEquals(2, counters.requests());
        assertEquals(1, counters.checks());
        assertEquals(1, counters.starts());
        assertEquals(2, CounterFile.open(folder.resolve("counters")).requests());
    }

    @Test
    void failsDrainsAndIsWellAsItIsTold() throws Exception {
        try (Socket client = connect()) {
            origin.carryOut(Command.FAIL);
            assertEquals(503, ask(client, "/1k"));
            assertEquals(503, ask(client, "/health"));
            origin.carryOut(Command.DRAIN);
            assertEquals(200, ask(client, "/1k"));
            assertEquals(503, ask(client, "/health"));
            origin.carryOut(Command.WELL);
            assertEquals(200, ask(client, "/1k"));
            assertEquals(200, ask(client, "/health"));
        }
    }

    @Test
    void takesItsTime() throws Exception {
        origin.carryOut(Command.SLOW);
        try (Socket client = connect()) {
            long startNs = System.nanoTime();
            assertEquals(200, ask(client, "/1k"));
            assertTrue(System.nanoTime() - startNs >= (FaultSession.SLOWNESS_MS - 2) * 1_000_000L);
        }
    }

    @Test
    void refusesAndAcceptsAgain() throws Exception {
        try (Socket client = connect()) {
            assertEquals(200, ask(client, "/1k"));
            origin.carryOut(Command.REFUSE);
            assertEquals(-1, client.getInputStream().read(), "the connection is still open");
        }
        assertThrows(ConnectException.class, this::connect);
        origin.carryOut(Command.ACCEPT);
        try (Socket client = connect()) {
            assertEquals(200, ask(client, "/1k"));
        }
        assertEquals(2, counters.requests());
    }

    @Test
    void endsWhenWhatIsUnderWayIsAnswered() throws Exception {
        origin.carryOut(Command.SLOW);
        try (Socket idle = connect();
                Socket busy = connect()) {
            assertEquals(200, ask(idle, "/1k"));
            send(busy, "/1k");
            Await.until("the request is there", () -> counters.requests() == 2);
            origin.carryOut(Command.END);
            assertEquals(-1, idle.getInputStream().read(), "an unused connection is still open");
            String head = head(busy);
            assertTrue(head.startsWith("HTTP/1.1 200") && head.contains("Connection: close"), head);
            assertEquals(-1, busy.getInputStream().read());
        }
        assertThrows(ConnectException.class, this::connect);
    }
}
