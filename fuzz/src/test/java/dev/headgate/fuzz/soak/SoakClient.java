package dev.headgate.fuzz.soak;

import dev.headgate.testkit.peer.Content;
import dev.headgate.testkit.peer.MalformedMessageException;
import dev.headgate.testkit.peer.MessageReader;
import dev.headgate.testkit.peer.Response;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** A client's connection: sends what is planned, and judges what comes. Owned by one thread. */
final class SoakClient implements AutoCloseable {
    private static final int PIECE_BYTES = 16 * 1024;
    private static final int PATIENCE_MS = 60_000;

    private final SoakLedger ledger;
    private final Socket socket = new Socket();
    private final OutputStream out;
    private final MessageReader reader;
    private boolean isUsable = true;
    private @Nullable Plan last; // of those begun
    private long pauseMs; // before the content of an answer is read

    SoakClient(SoakLedger ledger, int port, int receiveBufferBytes) throws IOException {
        this.ledger = ledger;
        if (receiveBufferBytes > 0) {
            socket.setReceiveBufferSize(receiveBufferBytes);
        }
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(PATIENCE_MS);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), PATIENCE_MS);
        out = socket.getOutputStream();
        reader = new MessageReader(new BufferedInputStream(socket.getInputStream(), PIECE_BYTES));
    }

    /** Lets answers wait in the kernel's buffers, and in the proxy's, before they are read. */
    void pauseMs(long ms) {
        pauseMs = ms;
    }

    /** Whether another request may follow. */
    boolean isUsable() {
        return isUsable;
    }

    static String head(Plan plan, String more) {
        String framing = switch (plan.body()) {
            case NONE -> "";
            case LENGTH -> "content-length: " + plan.bodyLength() + "\r\n";
            case CHUNKED -> "transfer-encoding: chunked\r\n";
        };
        return "%s %s HTTP/1.1\r\nhost: soak.example\r\nuser-agent: soak\r\naccept: */*\r\n%s%s\r\n"
                .formatted(plan.method(), plan.target(), framing, more);
    }

    void begin(Plan plan) {
        ledger.begin(plan, last);
        last = plan;
    }

    /** Begins what no origin must ever see. */
    void beginMalformed(Plan plan) {
        ledger.beginMalformed(plan, last);
        last = plan;
    }

    /** Sends head and body. An error is not looked at here: the answer tells, or the end. */
    void send(Plan plan, String more) {
        begin(plan);
        sendRaw(head(plan, more).getBytes(StandardCharsets.US_ASCII));
        sendBody(plan, 0, plan.bodyLength(), 0);
        endBody(plan);
    }

    /** Sends bytes {@code from} to {@code to} of the body, {@code pauseMs} between pieces. */
    void sendBody(Plan plan, int from, int to, long pauseMs) {
        int piece = pauseMs > 0 ? 1024 : PIECE_BYTES;
        for (int offset = from; offset < to; offset += piece) {
            byte[] bytes = plan.bodyBytes(offset, Math.min(piece, to - offset));
            boolean isChunked = plan.body() == Plan.Body.CHUNKED;
            if (isChunked
                    && !sendRaw((Integer.toHexString(bytes.length) + "\r\n").getBytes(StandardCharsets.US_ASCII))) {
                return;
            }
            if (!sendRaw(bytes) || isChunked && !sendRaw(new byte[] {'\r', '\n'})) {
                return;
            }
            pause(pauseMs);
        }
    }

    void endBody(Plan plan) {
        if (plan.body() == Plan.Body.CHUNKED) {
            sendRaw("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        }
    }

    boolean sendRaw(byte[] bytes) {
        try {
            out.write(bytes);
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    void halfClose() throws IOException {
        socket.shutdownOutput();
    }

    /** Whether an interim 100 came; false when the final answer is there instead, or the end. */
    boolean awaitsContinue(Plan plan) {
        try {
            Response first = reader.responseHead();
            if (first.status() == 100) {
                return true;
            }
            end(plan, judge(plan, first), first.status());
        } catch (IOException e) {
            end(plan, onNoAnswer(plan, e), 0);
        }
        return false;
    }

    /** Reads the answer, judges it and enters it into the ledger. */
    void answer(Plan plan) {
        int status = 0;
        Outcome outcome;
        try {
            Response head = reader.responseHead();
            while (head.status() < 200) {
                head = reader.responseHead();
            }
            status = head.status();
            outcome = judge(plan, head);
        } catch (IOException e) {
            outcome = onNoAnswer(plan, e);
        }
        end(plan, outcome, status);
    }

    private void end(Plan plan, Outcome outcome, int status) {
        ledger.end(plan, outcome, status);
        if (outcome == Outcome.BROKEN || outcome == Outcome.GONE) {
            isUsable = false;
        }
        if (!plan.allowed().contains(outcome)) {
            ledger.find(outcome + " with status " + status + ": " + plan);
        }
    }

    /** Reads the answer to what is malformed: the last on the connection. */
    void refusal(Plan plan) {
        int status = 0;
        try {
            Response head = reader.responseHead();
            status = head.status();
            drained(plan, reader.responseContent(plan.method().name(), head));
            if (!head.announcesClose()) {
                ledger.find("a connection goes on behind what is malformed: " + plan);
            }
        } catch (IOException e) {
            onNoAnswer(plan, e);
        }
        isUsable = false;
        ledger.end(plan, Outcome.REFUSED, status);
        if (status < 400) {
            ledger.find("a client's fault is answered with " + status + ": " + plan);
        }
    }

    /** A request behind the last one that the connection may serve, as far as the client knows. */
    void unserved(Plan plan) {
        ledger.end(plan, Outcome.UNSERVED, 0);
    }

    void aborted(Plan plan) {
        ledger.end(plan, Outcome.ABORTED, 0);
        isUsable = false;
    }

    private Outcome onNoAnswer(Plan plan, IOException e) {
        isUsable = false;
        if (e instanceof SocketTimeoutException || e instanceof MalformedMessageException) {
            ledger.find("instead of an answer " + e + ": " + plan);
        }
        return Outcome.GONE;
    }

    private Outcome judge(Plan plan, Response head) throws IOException {
        if (head.announcesClose() || head.framing() == Response.Framing.CLOSE) {
            isUsable = false;
        }
        String id = head.fields().value("x-soak-id");
        Content content = reader.responseContent(plan.method().name(), head);
        if (id == null) {
            return drained(plan, content) < 0 ? Outcome.BROKEN : Outcome.REFUSED;
        }
        if (!id.equals(Long.toHexString(plan.id())) || head.status() != 200) {
            ledger.find("answer " + head.status() + " of " + id + " for " + plan);
            return Outcome.BROKEN;
        }
        long count = checked(plan, content);
        if (count < 0) {
            return Outcome.BROKEN;
        }
        if (plan.method() != Plan.Method.HEAD && count != plan.answerLength()) {
            ledger.find("answer complete with " + count + " bytes: " + plan);
        }
        return Outcome.ANSWERED;
    }

    /** How many bytes there were; −1 when they ended early. */
    private long drained(Plan plan, Content content) throws MalformedMessageException {
        try {
            return content.readAllBytes().length;
        } catch (MalformedMessageException e) {
            throw e;
        } catch (IOException e) {
            return onEarlyEnd(plan, e);
        }
    }

    private long checked(Plan plan, Content content) throws MalformedMessageException {
        byte[] piece = new byte[PIECE_BYTES];
        long offset = 0;
        pause(pauseMs);
        try {
            int count;
            while ((count = content.read(piece, 0, piece.length)) >= 0) {
                for (int i = 0; i < count; i++) {
                    if (piece[i] != plan.answerByte(offset + i)) {
                        ledger.find("byte " + (offset + i) + " of the answer is not its own: " + plan);
                        return -1;
                    }
                }
                offset += count;
            }
            return offset;
        } catch (MalformedMessageException e) {
            throw e;
        } catch (IOException e) {
            return onEarlyEnd(plan, e);
        }
    }

    private long onEarlyEnd(Plan plan, IOException e) {
        if (e instanceof SocketTimeoutException) {
            ledger.find("an answer that does not go on: " + plan);
        }
        isUsable = false;
        return -1;
    }

    /** Reads at most {@code count} bytes of whatever comes. */
    void readSome(int count) {
        try {
            socket.getInputStream().readNBytes(count);
        } catch (IOException _) {
            // Nothing depends on it: the client is leaving.
        }
    }

    /** Waits for the end of the connection; answers the status of what came before it, 0 for nothing, −1 when the end does not come. */
    int awaitEnd() {
        try {
            byte[] all = socket.getInputStream().readAllBytes();
            String text = new String(all, StandardCharsets.ISO_8859_1);
            return text.startsWith("HTTP/1.1 ") ? Integer.parseInt(text.substring(9, 12)) : all.length == 0 ? 0 : -1;
        } catch (SocketTimeoutException _) {
            return -1;
        } catch (IOException _) {
            return 0;
        }
    }

    static void pause(long ms) {
        try {
            if (ms > 0) {
                Thread.sleep(ms);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    void reset() {
        SoakOrigin.reset(socket);
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException _) {
            // Nobody uses it any more.
        }
    }
}
