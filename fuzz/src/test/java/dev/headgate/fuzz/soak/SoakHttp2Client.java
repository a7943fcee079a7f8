package dev.headgate.fuzz.soak;

import dev.headgate.testkit.Wire;
import dev.headgate.testkit.h2.Codes;
import dev.headgate.testkit.h2.FieldBlock;
import dev.headgate.testkit.h2.Frames;
import dev.headgate.testkit.h2.Http2Peer;
import dev.headgate.testkit.h2.Http2Response;

/** A client's connection by HTTP/2: sends what is planned, many at a time, and judges what comes. Owned by one thread. */
final class SoakHttp2Client implements AutoCloseable {
    private static final byte[] NOTHING = {};

    private final SoakLedger ledger;
    private final Http2Peer peer;
    private int nextId = 1;

    /** @param receiveBufferBytes 0 for what the system has */
    SoakHttp2Client(SoakLedger ledger, int port, int receiveBufferBytes) {
        this.ledger = ledger;
        this.peer = receiveBufferBytes > 0 ? Http2Peer.connect(port, receiveBufferBytes) : Http2Peer.connect(port);
        peer.greet();
    }

    /** Whether another request may follow. */
    boolean isUsable() {
        return peer.goAways().isEmpty();
    }

    /** Begins a request; answers its stream. */
    int begin(Plan plan) {
        int id = nextId;
        nextId += 2;
        ledger.begin(plan, null); // Behind no other: each stream goes its own way.
        byte[] block = FieldBlock.request(plan.method().name(), plan.target(), "user-agent", "soak", "accept", "*/*");
        if (plan.method() == Plan.Method.HEAD) {
            peer.isHead(id);
        }
        switch (plan.body()) {
            case NONE -> trySend(Frames.request(id, block));
            case CHUNKED -> trySend(Frames.begin(id, block));
            case LENGTH ->
                trySend(Frames.begin(
                        id, Wire.join(block, FieldBlock.of("content-length", Integer.toString(plan.bodyLength())))));
        }
        return id;
    }

    /** Sends the content as the windows allow; the stream may end before it is sent. */
    void sendBody(Plan plan, int id) {
        if (plan.body() != Plan.Body.NONE) {
            peer.sendContent(id, plan.bodyLength() > 0 ? plan.bodyBytes(0, plan.bodyLength()) : NOTHING);
        }
    }

    /** Reads the answer, judges it and enters it into the ledger. */
    void answer(Plan plan, int id) {
        Http2Response response = peer.response(id);
        Outcome outcome = judge(plan, response);
        ledger.end(plan, outcome, response.status());
        if (!plan.allowed().contains(outcome)) {
            ledger.find(outcome + " by HTTP/2, " + response + ": " + plan);
        }
    }

    private Outcome judge(Plan plan, Http2Response response) {
        if (response.status() == 0) {
            return Outcome.GONE;
        }
        String id = response.fields().value("x-soak-id");
        if (id == null) {
            return response.isComplete() ? Outcome.REFUSED : Outcome.BROKEN;
        }
        if (!id.equals(Long.toHexString(plan.id())) || response.status() != 200) {
            ledger.find("answer " + response + " of " + id + " for " + plan);
            return Outcome.BROKEN;
        }
        String text = response.text();
        for (int i = 0; i < text.length(); i++) {
            if ((byte) text.charAt(i) != plan.answerByte(i)) {
                ledger.find("byte " + i + " of the answer is not its own: " + plan);
                return Outcome.BROKEN;
            }
        }
        if (response.isComplete() && plan.method() != Plan.Method.HEAD && text.length() != plan.answerLength()) {
            ledger.find("answer complete with " + text.length() + " bytes: " + plan);
        }
        return response.isComplete() ? Outcome.ANSWERED : Outcome.BROKEN;
    }

    /** Takes a request back. */
    void reset(Plan plan, int id) {
        trySend(Frames.rst(id, Codes.CANCEL));
        ledger.end(plan, Outcome.ABORTED, 0);
    }

    /** Leaves without having seen the answer. */
    void abandon(Plan plan) {
        ledger.end(plan, Outcome.ABORTED, 0);
    }

    /** The proxy may end the connection at any time; that it has shows in the answers. */
    private void trySend(byte[] frame) {
        peer.trySend(frame);
    }

    @Override
    public void close() {
        peer.close();
    }
}
