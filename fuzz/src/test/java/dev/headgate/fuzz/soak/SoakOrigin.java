package dev.headgate.fuzz.soak;

import dev.headgate.testkit.peer.Content;
import dev.headgate.testkit.peer.MalformedMessageException;
import dev.headgate.testkit.peer.MessageReader;
import dev.headgate.testkit.peer.Request;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** An origin that answers as each request's plan says, right or wrong, and checks every byte that reaches it. */
final class SoakOrigin implements AutoCloseable {
    private static final int PIECE_BYTES = 16 * 1024;
    private static final int DRIBBLES = 5;
    private static final long DRIBBLE_MS = 10;
    private static final long LATE_MS = 500;
    private static final int ATTEMPTS_TO_BIND = 1_000;
    private static final int STALL_MS = 20_000;

    private final SoakLedger ledger;
    private final InetAddress address;
    private final AtomicInteger open = new AtomicInteger();
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final int port;
    private volatile ServerSocket server;

    SoakOrigin(SoakLedger ledger, InetAddress address, int port) throws IOException {
        this.ledger = ledger;
        this.address = address;
        this.server = listen(port);
        this.port = server.getLocalPort();
    }

    private ServerSocket listen(int at) throws IOException {
        var fresh = new ServerSocket();
        fresh.setReuseAddress(true);
        fresh.bind(new InetSocketAddress(address, at), 1024);
        Thread.ofVirtual().name("origin-accept").start(() -> accept(fresh));
        return fresh;
    }

    int port() {
        return port;
    }

    /** Connections that are open now. */
    int open() {
        return open.get();
    }

    /** Stops listening and resets all connections. */
    void vanish() throws IOException {
        server.close();
        for (Socket socket : sockets) {
            reset(socket);
        }
    }

    /** Listens again; another process may have taken the port for a moment. */
    void reappear() throws IOException, InterruptedException {
        for (int attempt = 1; ; attempt++) {
            try {
                server = listen(port);
                return;
            } catch (IOException e) {
                if (attempt == ATTEMPTS_TO_BIND) {
                    throw e;
                }
                Thread.sleep(10);
            }
        }
    }

    @Override
    public void close() throws IOException {
        vanish();
    }

    private void accept(ServerSocket listening) {
        while (!listening.isClosed()) {
            try {
                Socket socket = listening.accept();
                open.incrementAndGet();
                sockets.add(socket);
                Thread.ofVirtual().name("origin").start(() -> serve(socket));
            } catch (IOException _) {
                // Closed, which ends the loop; or the connection is gone again.
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            var reader = new MessageReader(new BufferedInputStream(socket.getInputStream(), PIECE_BYTES));
            while (serveNext(socket, reader)) {
                // until one of both sides ends it
            }
        } catch (MalformedMessageException | IllegalArgumentException | AssertionError e) {
            ledger.find("the proxy sent an origin what is no request: " + e);
        } catch (IOException _) {
            // The proxy gave the exchange up, or the origin vanished.
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            sockets.remove(socket);
            open.decrementAndGet();
        }
    }

    private boolean serveNext(Socket socket, MessageReader reader) throws IOException, InterruptedException {
        Request request = reader.requestHead();
        if (request == null) {
            return false;
        }
        Plan plan = Plan.parse(request.target());
        ledger.onAttempt(plan);
        if (!request.method().equals(plan.method().name())) {
            ledger.find("method became " + request.method() + ": " + plan);
        }
        var out = new BufferedOutputStream(socket.getOutputStream(), PIECE_BYTES);
        Content content = reader.requestContent(request.fields());
        if (plan.answer() == Plan.Answer.RESET_BEFORE_HEAD) {
            reset(socket);
            return false;
        }
        if (plan.answer() == Plan.Answer.EARLY) {
            ledger.onAnswer(plan);
            sendLength(out, plan, plan.answerLength());
            out.flush();
        } else if (request.fields().has("expect")) {
            out.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            out.flush();
        }
        if (plan.answer() == Plan.Answer.LATE) {
            Thread.sleep(LATE_MS);
        }
        read(plan, content);
        return plan.answer() == Plan.Answer.EARLY || answer(socket, out, plan);
    }

    private void read(Plan plan, Content content) throws IOException {
        byte[] piece = new byte[PIECE_BYTES];
        long offset = 0;
        int count;
        while ((count = content.read(piece, 0, piece.length)) >= 0) {
            for (int i = 0; i < count; i++) {
                if (piece[i] != plan.bodyByte(offset + i)) {
                    ledger.find("byte " + (offset + i) + " of the request's body is not its own: " + plan);
                    throw new EOFException("wrong content");
                }
            }
            offset += count;
        }
        if (offset != Math.max(0, plan.bodyLength())) {
            ledger.find("request's body complete with " + offset + " bytes: " + plan);
        }
    }

    /** Answers whether the connection may be used again. */
    private boolean answer(Socket socket, OutputStream out, Plan plan) throws IOException, InterruptedException {
        int length = plan.answerLength();
        ledger.onAnswer(plan);
        switch (plan.answer()) {
            case LENGTH, LATE, EARLY, LENGTH_THEN_CLOSE -> sendLength(out, plan, length);
            case INTERIM -> {
                out.write("HTTP/1.1 103 Early Hints\r\nlink: </style.css>\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                out.flush();
                sendLength(out, plan, length);
            }
            case CHUNKED -> sendChunked(out, plan);
            case CLOSE -> {
                head(out, plan, "connection: close");
                body(out, plan, length);
            }
            case DRIBBLED -> dribble(out, plan);
            case RESET_IN_BODY -> {
                sendLength(out, plan, length / 2);
                out.flush();
                reset(socket);
            }
            case TRUNCATED -> sendLength(out, plan, length / 2);
            case STALLED_BEFORE_HEAD -> awaitEnd(socket);
            case STALLED_IN_BODY -> {
                sendLength(out, plan, length / 2);
                out.flush();
                awaitEnd(socket);
            }
            case MALFORMED_HEAD ->
                out.write("HTTP/1.1 200 OK\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\n"
                        .getBytes(StandardCharsets.US_ASCII));
            case RESET_BEFORE_HEAD -> throw new AssertionError("was reset");
        }
        out.flush();
        return switch (plan.answer()) {
            case LENGTH, LATE, EARLY, INTERIM, CHUNKED, DRIBBLED -> true;
            default -> false;
        };
    }

    private static void sendLength(OutputStream out, Plan plan, int count) throws IOException {
        head(out, plan, "content-length: " + plan.answerLength());
        body(out, plan, count);
    }

    private static void head(OutputStream out, Plan plan, String framing) throws IOException {
        out.write("HTTP/1.1 200 OK\r\ndate: Thu, 01 Jan 2026 00:00:00 GMT\r\nx-soak-id: %x\r\n%s\r\n\r\n"
                .formatted(plan.id(), framing)
                .getBytes(StandardCharsets.US_ASCII));
    }

    private static void body(OutputStream out, Plan plan, int count) throws IOException {
        if (plan.method() == Plan.Method.HEAD) {
            return;
        }
        for (int offset = 0; offset < count; offset += PIECE_BYTES) {
            out.write(plan.answerBytes(offset, Math.min(PIECE_BYTES, count - offset)));
        }
    }

    private static void sendChunked(OutputStream out, Plan plan) throws IOException {
        head(out, plan, "transfer-encoding: chunked");
        if (plan.method() == Plan.Method.HEAD) {
            return;
        }
        int step = Math.max(1, plan.answerLength() / 3);
        for (int offset = 0; offset < plan.answerLength(); offset += step) {
            int count = Math.min(step, plan.answerLength() - offset);
            out.write((Integer.toHexString(count) + "\r\n").getBytes(StandardCharsets.US_ASCII));
            out.write(plan.answerBytes(offset, count));
            out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
        }
        out.write("0\r\nx-sum: 1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    }

    private static void dribble(OutputStream out, Plan plan) throws IOException, InterruptedException {
        head(out, plan, "content-length: " + plan.answerLength());
        out.flush();
        if (plan.method() == Plan.Method.HEAD) {
            return;
        }
        int step = plan.answerLength() / DRIBBLES + 1;
        for (int offset = 0; offset < plan.answerLength(); offset += step) {
            Thread.sleep(DRIBBLE_MS);
            out.write(plan.answerBytes(offset, Math.min(step, plan.answerLength() - offset)));
            out.flush();
        }
    }

    private static void awaitEnd(Socket socket) throws IOException {
        socket.setSoTimeout(STALL_MS);
        while (socket.getInputStream().read() >= 0) {
            // what comes is of no interest
        }
    }

    static void reset(@Nullable Socket socket) {
        try {
            if (socket != null) {
                socket.setSoLinger(true, 0);
                socket.close();
            }
        } catch (SocketException _) {
            // It is closed already.
        } catch (IOException _) {
            // Likewise.
        }
    }
}
