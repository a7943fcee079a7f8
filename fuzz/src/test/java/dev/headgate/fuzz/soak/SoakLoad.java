package dev.headgate.fuzz.soak;

import dev.headgate.fuzz.soak.Plan.Answer;
import dev.headgate.fuzz.soak.Plan.Body;
import dev.headgate.fuzz.soak.Plan.Method;
import dev.headgate.fuzz.soak.Plan.Route;
import dev.headgate.testkit.sim.SimChance;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** What clients do: one connection per call of {@link #session}, everything about it drawn from its chance. Any thread may call. */
final class SoakLoad {
    private static final int SMALL_BYTES = 32 * 1024;
    private static final int BIG_BYTES = 2 * 1024 * 1024;
    private static final List<String> MALFORMED_LINES = List.of(
            "content-length: 1\r\ncontent-length: 2",
            "content-length: 5\r\ntransfer-encoding: chunked",
            "content-length: +5",
            "transfer-encoding: gzip, chunked, chunked",
            "x : y",
            "x\u0000: y",
            " folded: y",
            "host: other.example",
            "x-long: " + "a".repeat(20_000));

    /** What one connection is there for. */
    enum Kind {
        KEEP_ALIVE(30),
        PIPELINE(10),
        ONE_SHOT(10),
        BIG(2),
        SLOW_READER(2),
        SLOW_SENDER(3),
        ABORT(12),
        IDLE(2),
        SLOW_HEAD(1),
        STALLED_BODY(1),
        MALFORMED(8),
        HALF_CLOSE(3),
        EXPECT(5),
        FAULT(12),
        HTTP2(20),
        HTTP2_ABORT(6),
        HTTP2_SLOW_READER(1);

        private final int weight;

        Kind(int weight) {
            this.weight = weight;
        }

        static Kind draw(SimChance chance) {
            int sum = 0;
            for (Kind kind : values()) {
                sum += kind.weight;
            }
            int drawn = chance.nextInt(sum);
            for (Kind kind : values()) {
                drawn -= kind.weight;
                if (drawn < 0) {
                    return kind;
                }
            }
            throw new AssertionError("weights");
        }
    }

    private final SoakLedger ledger;
    private final int webPort;
    private final int strictPort;

    /**
     * @param strictPort of a listener that waits for seconds only
     */
    SoakLoad(SoakLedger ledger, int webPort, int strictPort) {
        this.ledger = ledger;
        this.webPort = webPort;
        this.strictPort = strictPort;
    }

    /** One connection from its beginning to its end. */
    void session(SimChance chance) {
        Kind kind = Kind.draw(chance);
        switch (kind) {
            case HTTP2 -> http2(chance);
            case HTTP2_ABORT -> http2Abort(chance);
            case HTTP2_SLOW_READER -> http2SlowReader(chance);
            default -> http1(kind, chance);
        }
    }

    private void http1(Kind kind, SimChance chance) {
        boolean isStrict = kind == Kind.IDLE || kind == Kind.SLOW_HEAD || kind == Kind.STALLED_BODY;
        int receiveBytes = kind == Kind.SLOW_READER ? 8 * 1024 : 0;
        try (var client = new SoakClient(ledger, isStrict ? strictPort : webPort, receiveBytes)) {
            switch (kind) {
                case KEEP_ALIVE -> keepAlive(client, chance);
                case PIPELINE -> pipeline(client, chance);
                case ONE_SHOT -> exchange(client, any(chance), "connection: close\r\n");
                case BIG -> exchange(client, big(chance), "");
                case SLOW_READER -> slowReader(client, chance);
                case SLOW_SENDER -> slowSender(client, chance);
                case ABORT -> abort(client, chance);
                case IDLE -> idle(client, chance);
                case SLOW_HEAD -> slowHead(client);
                case STALLED_BODY -> stalledBody(client, chance);
                case MALFORMED -> malformed(client, chance);
                case HALF_CLOSE -> halfClose(client, chance);
                case EXPECT -> expect(client, chance);
                case FAULT -> fault(client, chance);
                case HTTP2, HTTP2_ABORT, HTTP2_SLOW_READER -> throw new AssertionError(kind);
            }
        } catch (IOException e) {
            ledger.find(kind + " cannot connect: " + e);
        }
    }

    private static void exchange(SoakClient client, Plan plan, String more) {
        client.send(plan, more);
        client.answer(plan);
    }

    private void keepAlive(SoakClient client, SimChance chance) {
        int count = chance.between(1, 10);
        for (int i = 0; i < count && client.isUsable(); i++) {
            exchange(client, any(chance), "");
            SoakClient.pause(chance.nextInt(4));
        }
    }

    /** What happens among pipelined requests. */
    private enum Turn {
        NOTHING,
        /** One says that it is the last: those behind it are not for serving. */
        CLOSE,
        /** One is malformed: nothing behind it may be understood. */
        MALFORMED,
        /** The client leaves between two answers. */
        ABORT,
        /** The client leaves, and the last request is not whole. */
        CUT
    }

    private void pipeline(SoakClient client, SimChance chance) {
        Turn turn = chance.oneOf(Turn.values());
        int count = chance.between(2, 8);
        int at = chance.nextInt(count);
        List<Plan> plans = new ArrayList<>();
        var bytes = new StringBuilder();
        for (int i = 0; i < count; i++) {
            Plan plan = get(Route.GOOD, chance.oneOf(Answer.LENGTH, Answer.CHUNKED, Answer.INTERIM), small(chance));
            plans.add(plan);
            boolean isCut = turn == Turn.CUT && i == count - 1;
            boolean isMalformed = turn == Turn.MALFORMED && i == at;
            if (isCut || isMalformed) {
                client.beginMalformed(plan);
            } else {
                client.begin(plan);
            }
            String line =
                    isMalformed ? malformedLine(chance) : turn == Turn.CLOSE && i == at ? "connection: close" : "";
            String head = SoakClient.head(plan, line.isEmpty() ? "" : line + "\r\n");
            bytes.append(isCut ? head.substring(0, chance.nextInt(head.length())) : head);
        }
        client.sendRaw(bytes.toString().getBytes(StandardCharsets.ISO_8859_1));
        int answers = turn == Turn.ABORT || turn == Turn.CUT ? at : count;
        for (int i = 0; i < count; i++) {
            Plan plan = plans.get(i);
            if (i >= answers) {
                client.aborted(plan);
            } else if (!client.isUsable()) {
                client.unserved(plan);
            } else if (turn == Turn.MALFORMED && i == at) {
                client.refusal(plan);
            } else {
                client.answer(plan);
            }
        }
        if (turn == Turn.CLOSE && client.isUsable()) {
            ledger.find("a connection goes on behind its last request: " + plans.get(at));
        }
        if (answers < count && chance.nextInt(2) == 0) {
            client.reset();
        }
    }

    private static String malformedLine(SimChance chance) {
        return MALFORMED_LINES.get(chance.nextInt(MALFORMED_LINES.size()));
    }

    private Plan big(SimChance chance) {
        int length = chance.between(SMALL_BYTES, BIG_BYTES);
        return chance.nextInt(2) == 0
                ? get(Route.GOOD, chance.oneOf(Answer.LENGTH, Answer.CHUNKED), length)
                : new Plan(
                        ledger.nextId(), Route.GOOD, Method.POST, Body.LENGTH, 4 * length, Answer.LATE, small(chance));
    }

    private void slowReader(SoakClient client, SimChance chance) {
        Plan plan = get(Route.GOOD, Answer.LENGTH, chance.between(2 * BIG_BYTES, 4 * BIG_BYTES));
        int pauseMs = chance.between(100, 1_500);
        if (chance.oneIn(3)) {
            client.send(plan, "");
            SoakClient.pause(pauseMs);
            client.aborted(plan);
            client.reset();
        } else {
            client.pauseMs(pauseMs);
            exchange(client, plan, "");
        }
    }

    private void slowSender(SoakClient client, SimChance chance) {
        Plan plan = withBody(Route.GOOD, chance, chance.between(2_000, 40_000));
        client.begin(plan);
        byte[] head = SoakClient.head(plan, "").getBytes(StandardCharsets.US_ASCII);
        int cut = chance.nextInt(head.length);
        client.sendRaw(Arrays.copyOf(head, cut));
        SoakClient.pause(chance.between(1, 200));
        client.sendRaw(Arrays.copyOfRange(head, cut, head.length));
        client.sendBody(plan, 0, plan.bodyLength(), chance.between(1, 30));
        client.endBody(plan);
        client.answer(plan);
    }

    private void abort(SoakClient client, SimChance chance) {
        Plan plan = chance.nextInt(2) == 0
                ? get(
                        Route.GOOD,
                        chance.oneOf(Answer.LENGTH, Answer.CHUNKED, Answer.DRIBBLED),
                        chance.between(0, 300_000))
                : withBody(Route.GOOD, chance, chance.between(1_000, 200_000));
        int way = chance.nextInt(4);
        if (way == 0) {
            client.beginMalformed(plan); // Half a head is none.
        } else {
            client.begin(plan);
        }
        byte[] head = SoakClient.head(plan, "").getBytes(StandardCharsets.US_ASCII);
        switch (way) {
            case 0 -> client.sendRaw(Arrays.copyOf(head, chance.nextInt(head.length)));
            case 1 -> {
                client.sendRaw(head);
                client.sendBody(plan, 0, chance.nextInt(Math.max(1, plan.bodyLength())), 0);
            }
            case 2 -> sendWhole(client, plan, head);
            default -> {
                sendWhole(client, plan, head);
                client.readSome(chance.nextInt(Math.max(1, plan.answerLength())));
            }
        }
        SoakClient.pause(chance.nextInt(3));
        client.aborted(plan);
        if (chance.nextInt(2) == 0) {
            client.reset();
        }
    }

    private static void sendWhole(SoakClient client, Plan plan, byte[] head) {
        client.sendRaw(head);
        client.sendBody(plan, 0, plan.bodyLength(), 0);
        client.endBody(plan);
    }

    private void idle(SoakClient client, SimChance chance) {
        boolean isUsed = chance.nextInt(2) == 0;
        if (isUsed) {
            exchange(client, get(Route.GOOD, Answer.LENGTH, small(chance)), "");
        }
        int status = client.isUsable() ? client.awaitEnd() : 0;
        if (status < 0 || isUsed && status > 0) {
            ledger.find("an idle connection ends with " + status);
        }
    }

    private void slowHead(SoakClient client) {
        Plan plan = get(Route.GOOD, Answer.LENGTH, 0);
        client.beginMalformed(plan);
        String head = SoakClient.head(plan, "");
        client.sendRaw(head.substring(0, head.length() - 2).getBytes(StandardCharsets.US_ASCII));
        expectRefusal(client, plan, 408);
    }

    private void stalledBody(SoakClient client, SimChance chance) {
        Plan plan = withBody(Route.GOOD, chance, chance.between(1_000, 20_000));
        client.begin(plan);
        client.sendRaw(SoakClient.head(plan, "").getBytes(StandardCharsets.US_ASCII));
        client.sendBody(plan, 0, plan.bodyLength() / 2, 0);
        expectRefusal(client, plan, 408);
    }

    private void malformed(SoakClient client, SimChance chance) {
        Plan plan = get(Route.GOOD, Answer.LENGTH, 0);
        client.beginMalformed(plan);
        client.sendRaw(SoakClient.head(plan, malformedLine(chance) + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
        expectRefusal(client, plan, 0);
    }

    /** {@code status} 0 stands for any that a client's fault has. */
    private void expectRefusal(SoakClient client, Plan plan, int status) {
        int came = client.awaitEnd();
        ledger.end(plan, Outcome.REFUSED, came);
        if (status > 0 ? came != status : came < 400) {
            ledger.find("a client's fault is answered with " + came + ": " + plan);
        }
    }

    private void halfClose(SoakClient client, SimChance chance) throws IOException {
        Plan plan = get(Route.GOOD, chance.oneOf(Answer.LENGTH, Answer.CHUNKED, Answer.DRIBBLED), small(chance));
        client.send(plan, "");
        client.halfClose();
        client.answer(plan);
    }

    private void expect(SoakClient client, SimChance chance) {
        Plan plan = withBody(Route.GOOD, chance, chance.between(1, SMALL_BYTES));
        client.begin(plan);
        client.sendRaw(SoakClient.head(plan, "expect: 100-continue\r\n").getBytes(StandardCharsets.US_ASCII));
        if (client.awaitsContinue(plan)) {
            client.sendBody(plan, 0, plan.bodyLength(), 0);
            client.endBody(plan);
            client.answer(plan);
        }
    }

    private void fault(SoakClient client, SimChance chance) {
        exchange(client, faulty(chance), "");
    }

    private Plan faulty(SimChance chance) {
        Answer answer;
        do {
            answer = chance.oneOf(Answer.values());
        } while (!answer.isFault() && answer != Answer.EARLY);
        Route route = answer.isFault() ? Route.BAD : Route.GOOD;
        int length = chance.between(2, 100_000); // of which half is not nothing
        return chance.nextInt(2) == 0
                ? get(route, answer, length)
                : new Plan(
                        ledger.nextId(),
                        route,
                        chance.oneOf(Method.POST, Method.PUT),
                        chance.oneOf(Body.LENGTH, Body.CHUNKED),
                        chance.between(1, 200_000),
                        answer,
                        length);
    }

    // ---- HTTP/2 ----------------------------------------------------------------------------------------------------

    /** Rounds of requests side by side, of which some are taken back. */
    private void http2(SimChance chance) {
        try (var client = new SoakHttp2Client(ledger, webPort, 0)) {
            int rounds = chance.between(1, 5);
            for (int i = 0; i < rounds && client.isUsable(); i++) {
                Map<Integer, Plan> open = http2Round(client, chance, chance.between(1, 8));
                open.forEach((id, plan) -> client.answer(plan, id));
                SoakClient.pause(chance.nextInt(4));
            }
        }
    }

    /** Sends so many requests; answers those that have not been taken back, by their streams. */
    private Map<Integer, Plan> http2Round(SoakHttp2Client client, SimChance chance, int count) {
        Map<Integer, Plan> open = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            Plan plan = chance.oneIn(8) ? faulty(chance) : any(chance);
            open.put(client.begin(plan), plan);
        }
        for (var one : List.copyOf(open.entrySet())) {
            if (chance.oneIn(8)) {
                client.reset(one.getValue(), one.getKey());
                open.remove(one.getKey());
            } else {
                client.sendBody(one.getValue(), one.getKey());
            }
        }
        return open;
    }

    private void http2Abort(SimChance chance) {
        try (var client = new SoakHttp2Client(ledger, webPort, 0)) {
            Map<Integer, Plan> open = http2Round(client, chance, chance.between(1, 8));
            SoakClient.pause(chance.nextInt(3));
            open.values().forEach(client::abandon);
        }
    }

    /** Lets answers wait for windows, and in the proxy's buffers, before they are read; two of them share the connection's window. */
    private void http2SlowReader(SimChance chance) {
        try (var client = new SoakHttp2Client(ledger, webPort, 8 * 1024)) {
            Plan first = get(Route.GOOD, Answer.LENGTH, chance.between(SMALL_BYTES, BIG_BYTES));
            Plan second = get(Route.GOOD, Answer.CHUNKED, chance.between(SMALL_BYTES, BIG_BYTES));
            int firstId = client.begin(first);
            int secondId = client.begin(second);
            SoakClient.pause(chance.between(100, 1_500));
            client.answer(second, secondId);
            client.answer(first, firstId);
        }
    }

    private Plan any(SimChance chance) {
        Route route = chance.oneOf(Route.GOOD, Route.GOOD, Route.GOOD, Route.NAMED, Route.FLAP);
        if (route != Route.NAMED && chance.oneIn(4)) {
            return withBody(route, chance, small(chance));
        }
        Answer answer = chance.oneOf(
                Answer.LENGTH, Answer.LENGTH, Answer.CHUNKED, Answer.CLOSE, Answer.INTERIM, Answer.DRIBBLED);
        if (route == Route.NAMED && chance.oneIn(4)) {
            // A request that meets such a connection is sent again, if it may be: here only those that may.
            answer = Answer.LENGTH_THEN_CLOSE;
        }
        Method method = chance.oneIn(8) ? Method.HEAD : Method.GET;
        return new Plan(ledger.nextId(), route, method, Body.NONE, -1, answer, small(chance));
    }

    private Plan get(Route route, Answer answer, int length) {
        return new Plan(ledger.nextId(), route, Method.GET, Body.NONE, -1, answer, length);
    }

    private Plan withBody(Route route, SimChance chance, int bodyLength) {
        return new Plan(
                ledger.nextId(),
                route,
                chance.oneOf(Method.POST, Method.PUT),
                chance.oneOf(Body.LENGTH, Body.CHUNKED),
                bodyLength,
                chance.oneOf(Answer.LENGTH, Answer.CHUNKED),
                small(chance));
    }

    private static int small(SimChance chance) {
        return chance.skewed(SMALL_BYTES);
    }

    /** One request after the other on one connection for as long as the proxy lets it, also over many tides. */
    void sleeper(SimChance chance, Tide tide, AtomicInteger held) {
        boolean isHttp2 = chance.nextInt(2) == 0;
        while (isHttp2 && !tide.isOver()) {
            http2Sleep(chance, tide, held);
        }
        while (!tide.isOver()) {
            try (var client = new SoakClient(ledger, webPort, 0)) {
                held.incrementAndGet();
                while (client.isUsable() && tide.enter()) {
                    exchange(client, get(Route.GOOD, Answer.LENGTH, small(chance)), "");
                    tide.leave();
                    SoakClient.pause(chance.between(100, 500));
                }
            } catch (IOException e) {
                ledger.find("a sleeper cannot connect: " + e);
                return;
            } finally {
                held.decrementAndGet();
            }
        }
    }

    /** The same by HTTP/2, until the connection ends. */
    private void http2Sleep(SimChance chance, Tide tide, AtomicInteger held) {
        try (var client = new SoakHttp2Client(ledger, webPort, 0)) {
            held.incrementAndGet();
            while (client.isUsable() && tide.enter()) {
                Plan plan = get(Route.GOOD, Answer.LENGTH, small(chance));
                client.answer(plan, client.begin(plan));
                tide.leave();
                SoakClient.pause(chance.between(100, 500));
            }
        } finally {
            held.decrementAndGet();
        }
    }
}
