package dev.headgate.bench.parts;

import dev.headgate.http.Http1Limits;
import dev.headgate.http.Method;
import dev.headgate.http.RequestHead;
import dev.headgate.http.ResponseHead;
import dev.headgate.http.h1.Decode;
import dev.headgate.http.h1.RequestHeadDecoder;
import dev.headgate.http.h1.ResponseHeadDecoder;
import dev.headgate.testkit.memory.IoCalls;
import dev.headgate.testkit.memory.MemoryIo;
import dev.headgate.testkit.memory.MemoryPeer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** As {@link MemoryRun}, with clients that speak HTTP/2, and an origin that speaks what the traffic says. */
final class Http2MemoryRun implements AutoCloseable {
    private static final int PIPE_BYTES = 256 << 10;
    private static final int STORE_BYTES = 4 << 10;
    private static final int TURNS_MAX = 1_000;

    private final MemoryIo io = new MemoryIo(PIPE_BYTES);
    private final Http2Traffic traffic;
    private final Relay relay;
    private final Http2End[] clients;
    private final List<MemoryPeer> origins = new ArrayList<>(); // by HTTP/1.1
    private final List<Http2End> http2Origins = new ArrayList<>();
    private final RequestHead request = new RequestHead();
    private final ResponseHead response = new ResponseHead();
    private final byte[] originAnswer;
    private int requestBytes; // as it reaches an origin of HTTP/1.1
    private int expectedAnswers;

    Http2MemoryRun(Http2Traffic traffic, int connections, Relay relay) {
        this.traffic = traffic;
        this.relay = relay;
        this.originAnswer = traffic.originAnswer();
        readHeads();
        io.origin(Relay.ORIGIN, traffic.isOriginHttp2() ? this::acceptHttp2 : origins::add);
        relay.start(io);
        clients = new Http2End[connections];
        for (int i = 0; i < connections; i++) {
            clients[i] = Http2End.client(io.connectClient(), ByteBuffer.allocate(traffic.requestBytes));
            clients[i].flush();
            io.settle();
            clients[i].pump();
            io.settle();
        }
        learn();
        round();
    }

    private void readHeads() {
        ByteBuffer head = ByteBuffer.wrap(traffic.head.getBytes(StandardCharsets.US_ASCII));
        int answer = new RequestHeadDecoder(Http1Limits.DEFAULTS).decode(head, request);
        request.retain(ByteBuffer.allocate(STORE_BYTES));
        answer += new ResponseHeadDecoder(Http1Limits.RESPONSE_DEFAULTS)
                .decode(Http2Traffic.originHead(), response, Method.GET);
        response.retain(ByteBuffer.allocate(STORE_BYTES));
        if (answer != 2 * Decode.COMPLETE) {
            throw new AssertionError("no heads");
        }
    }

    private void acceptHttp2(MemoryPeer peer) {
        Http2End origin = Http2End.origin(peer, response.fields(), ByteBuffer.allocate(traffic.answerBytes));
        origin.flush();
        http2Origins.add(origin);
    }

    /** The first request tells how long it is when it reaches the origin. */
    private void learn() {
        clients[0].request(request, 1);
        io.settle();
        if (!origins.isEmpty()) {
            requestBytes = origins.getFirst().arrived();
        }
        expectedAnswers = 1;
        serveUntilAnswered(1);
        expectedAnswers = 0;
        for (int i = 1; i < clients.length; i++) {
            clients[i].request(request, 1);
        }
        expectedAnswers = 1;
        serveUntilAnswered(clients.length);
    }

    /** Sends what each client sends at once, and waits for all answers. */
    void round() {
        io.advance(1_000);
        for (int i = 0; i < clients.length; i++) {
            clients[i].request(request, traffic.streams);
        }
        expectedAnswers += traffic.streams;
        serveUntilAnswered(clients.length);
    }

    private void serveUntilAnswered(int asking) {
        for (int turn = 0; !isAnswered(asking); turn++) {
            if (turn == TURNS_MAX) {
                throw new AssertionError(traffic + " is not answered");
            }
            io.settle();
            serve();
        }
    }

    private boolean isAnswered(int asking) {
        for (int i = 0; i < asking; i++) {
            clients[i].pump();
            if (clients[i].answers() < expectedAnswers) {
                return false;
            }
        }
        return true;
    }

    /** Answers each request that has arrived whole. */
    private void serve() {
        for (int i = 0; i < origins.size(); i++) {
            MemoryPeer origin = origins.get(i);
            if (origin.arrived() >= requestBytes && requestBytes > 0) {
                origin.drop(requestBytes);
                origin.send(originAnswer);
            }
        }
        for (int i = 0; i < http2Origins.size(); i++) {
            http2Origins.get(i).pump();
        }
    }

    /** What has come to all clients. */
    long contentBytes() {
        long bytes = 0;
        for (Http2End client : clients) {
            bytes += client.contentBytes();
        }
        return bytes;
    }

    void advance(long ns) {
        io.advance(ns);
    }

    /** Lets the log be written, which has a thread of its own in production. */
    void writeLogs() {
        io.runAgents();
    }

    IoCalls calls() {
        return io.calls();
    }

    @Override
    public void close() {
        for (Http2End client : clients) {
            client.close();
        }
        io.settle();
        relay.close();
    }
}
