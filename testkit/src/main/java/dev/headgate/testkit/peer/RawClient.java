package dev.headgate.testkit.peer;

import dev.headgate.testkit.Await;
import dev.headgate.testkit.Hex;
import dev.headgate.testkit.Wire;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A client that sends exactly the bytes it is told to, and reads responses strictly. Every call that waits fails after
 * the deadline ({@link Await#DEADLINE} unless set), and every failure shows what had been received. Owned by one
 * thread, except that one other thread may send while the owner reads.
 */
public final class RawClient implements AutoCloseable {
    private static final int FAILURE_BYTES_SHOWN = 2048;

    private final WireSocket socket;
    private final WireInput input;
    private final MessageReader reader;

    private RawClient(WireSocket socket) {
        this.socket = socket;
        this.input = new WireInput(socket);
        this.reader = new MessageReader(input);
    }

    /** Connects to a port on the loopback address. */
    public static RawClient connect(int port) {
        return connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    }

    /** Connects to a Unix-domain socket. */
    public static RawClient connectUnix(Path path) {
        return connect(UnixDomainSocketAddress.of(path));
    }

    /** Connects to {@code address}. */
    public static RawClient connect(SocketAddress address) {
        try {
            return new RawClient(WireSocket.connect(address, Await.DEADLINE));
        } catch (IOException e) {
            throw new AssertionError("cannot connect to " + address, e);
        }
    }

    /** Connects to {@code address} with a receive buffer of this length, or the next that the system has. */
    public static RawClient connect(SocketAddress address, int receiveBufferBytes) {
        try {
            return new RawClient(WireSocket.connect(address, Await.DEADLINE, receiveBufferBytes));
        } catch (IOException e) {
            throw new AssertionError("cannot connect to " + address, e);
        }
    }

    /** The port of its own side. */
    public int localPort() {
        return socket.localPort();
    }

    /** Sets how long a single wait may take. */
    public RawClient deadline(Duration timeout) {
        socket.timeout(timeout);
        return this;
    }

    // Sending.

    /** Sends what {@code script} stands for; see {@link Wire}. */
    public RawClient send(String script) {
        return send(Wire.bytes(script));
    }

    /** Sends {@code bytes} in one write. */
    public RawClient send(byte[] bytes) {
        try {
            socket.write(ByteBuffer.wrap(bytes));
            return this;
        } catch (IOException e) {
            throw failure("send " + bytes.length + " bytes", e);
        }
    }

    /** Sends each byte in a segment of its own. */
    public RawClient sendByteByByte(byte[] bytes) {
        for (byte b : bytes) {
            send(new byte[] {b});
        }
        return this;
    }

    /** Sends as much as the peer takes; false when it closed or reset the connection before the last byte. */
    public boolean trySend(byte[] bytes) {
        try {
            socket.write(ByteBuffer.wrap(bytes));
            return true;
        } catch (WireSocket.DeadlineException e) {
            throw failure("send " + bytes.length + " bytes", e);
        } catch (IOException _) {
            return false;
        }
    }

    /** A stream that sends what is written to it, for long bodies. */
    public OutputStream output() {
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                socket.write(ByteBuffer.wrap(bytes, offset, length));
            }
        };
    }

    /** A stream of what comes, for readers of other messages. */
    public InputStream input() {
        return input;
    }

    /** Ends the sending direction, unless the peer has reset the connection; the receiving one stays open. */
    public RawClient halfClose() {
        try {
            socket.halfClose();
        } catch (IOException _) {
            // The peer's reset shows when reading.
        }
        return this;
    }

    /** Resets the connection. */
    public void reset() {
        try {
            socket.reset();
        } catch (IOException e) {
            throw failure("reset", e);
        }
    }

    // Receiving.

    /** The response to a request whose method gives it content in the usual way, complete. */
    public Response readResponse() {
        return readResponse("GET");
    }

    /** The response to a request with {@code method}, complete. */
    public Response readResponse(String method) {
        var body = new ByteArrayOutputStream();
        var response = readResponse(method, body);
        if (response.ending() != Response.Ending.COMPLETE) {
            throw failure("response ended early: " + response, null);
        }
        return withBody(response, body);
    }

    /** The response to a GET, whichever way it ends. */
    public Response readResponseToAnyEnding() {
        var body = new ByteArrayOutputStream();
        return withBody(readResponse("GET", body), body);
    }

    /** The response to a request with {@code method}, whichever way it ends, with its content written to {@code sink}. */
    public Response readResponse(String method, OutputStream sink) {
        try {
            return reader.response(method, sink);
        } catch (IOException e) {
            throw failure("read response", e);
        }
    }

    private static Response withBody(Response response, ByteArrayOutputStream body) {
        return response.with(
                response.interim(), body.toString(StandardCharsets.ISO_8859_1), response.trailers(), response.ending());
    }

    /** One response head, interim or final; its content stays unread. */
    public Response readHead() {
        try {
            return reader.responseHead();
        } catch (IOException e) {
            throw failure("read response head", e);
        }
    }

    /** Reads one complete response to a GET or POST and fails unless it has this status. */
    public Response expectStatus(int status) {
        var response = readResponse();
        if (response.status() != status) {
            throw failure("expected status " + status + ", got " + response.status(), null);
        }
        return response;
    }

    /** Reads as many bytes as {@code script} stands for and fails unless they are these. */
    public RawClient expectBytes(String script) {
        byte[] expected = Wire.bytes(script);
        try {
            Hex.assertBytes(expected, input.readNBytes(expected.length));
            return this;
        } catch (IOException e) {
            throw failure("expected \"" + script + "\"", e);
        }
    }

    /** Reads everything up to the orderly end of the stream. */
    public byte[] readToEnd() {
        try {
            return input.readAllBytes();
        } catch (IOException e) {
            throw failure("read to the end", e);
        }
    }

    /** Reads everything until the peer ends the connection, in whichever way. */
    public byte[] readToEndOrReset() {
        var all = new ByteArrayOutputStream();
        try {
            input.transferTo(all);
        } catch (WireSocket.DeadlineException e) {
            throw failure("read to the end", e);
        } catch (IOException _) {
            // A reset is an end as well.
        }
        return all.toByteArray();
    }

    /** Fails unless the peer ends the stream in an orderly way without another byte. */
    public void expectClosed() {
        String end = end();
        if (!end.equals("closed")) {
            throw failure("expected an orderly close, got " + end, null);
        }
    }

    /** Fails unless the peer resets the connection without another byte. */
    public void expectReset() {
        String end = end();
        if (!end.equals("reset")) {
            throw failure("expected a reset, got " + end, null);
        }
    }

    /** Fails unless the peer ends the connection, orderly or by reset, without another byte. */
    public void expectEnd() {
        String end = end();
        if (!end.equals("closed") && !end.equals("reset")) {
            throw failure("expected the end of the connection, got " + end, null);
        }
    }

    /** Proves that no further byte was on its way: ends the sending direction and expects the orderly end. */
    public void expectNothingMore() {
        halfClose();
        expectClosed();
    }

    private String end() {
        try {
            int b = input.read();
            return b < 0 ? "closed" : "byte %02x".formatted(b);
        } catch (WireSocket.DeadlineException _) {
            return "an open connection";
        } catch (IOException _) {
            return "reset";
        }
    }

    /** Everything received so far, up to 1 MiB. */
    public byte[] received() {
        return input.log();
    }

    @Override
    public void close() {
        socket.close();
    }

    private AssertionError failure(String fact, @Nullable Throwable cause) {
        byte[] log = input.log();
        String reason = cause == null ? "" : " (" + cause.getMessage() + ")";
        String shown = Wire.script(log, 0, Math.min(log.length, FAILURE_BYTES_SHOWN));
        return new AssertionError(
                "%s%s; received %d bytes: \"%s\"".formatted(fact, reason, input.received(), shown), cause);
    }
}
