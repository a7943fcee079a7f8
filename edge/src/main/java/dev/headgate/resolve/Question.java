package dev.headgate.resolve;

import dev.headgate.engine.EventLoop;
import dev.headgate.engine.LoopConfined;
import dev.headgate.engine.timer.Timer;
import dev.headgate.observe.DnsFailure;
import dev.headgate.resolve.ServerList.Server;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One question, which is put to server after server until one answers it. A server that does not answer in time, or says that it cannot, is followed
 * by the next; those that were silent are asked again, as often as there are attempts.
 *
 * <pre>
 * WAITING ──a place is free──> ASKING ──answer, or no server is left──> DONE
 *                              │   ^
 *                              └───┘ the next server; the same over TCP (TC, strangers' datagrams), or without EDNS
 * </pre>
 */
@LoopConfined
final class Question {
    /** From then on somebody is guessing, and TCP is asked, into which he cannot guess (RFC 5452 §9.2). */
    static final int STRANGERS_MAX = 8;

    private final Resolver resolver;
    private final DnsName name;
    private final DnsType type;
    private final int turn; // of servers
    private final Listener listener;
    private final ArrayDeque<Server> toAsk = new ArrayDeque<>();
    private final List<Server> silent = new ArrayList<>(); // in this round, or not asked for want of a descriptor
    private State state = State.WAITING;
    private int attemptsLeft;
    private DnsFailure failure = DnsFailure.UNREACHABLE; // the last server's, where all fail
    private DnsQuery.Extension extension = DnsQuery.Extension.EDNS;
    private boolean isSent; // what is under way; else there was no descriptor for it
    private int strangers;
    private @Nullable Server server;
    private @Nullable Try underWay;

    private final Timer timer = new Timer() {
        @Override
        protected void onDeadline(long nowNs) {
            onTimeout(nowNs);
        }
    };

    private enum State {
        WAITING,
        ASKING,
        DONE
    }

    /** Who wants to know; told once, unless he gives up. */
    interface Listener {
        /** {@code response} is an answer, or says that there is nothing. */
        void onResponse(Question question, DnsResponse response);

        void onFailed(Question question, DnsFailure failure);
    }

    /** One query on its way to one server. */
    interface Try {
        void cancel();
    }

    Question(Resolver resolver, DnsName name, DnsType type, int turn, Listener listener) {
        this.resolver = resolver;
        this.name = name;
        this.type = type;
        this.turn = turn;
        this.listener = listener;
        this.attemptsLeft = resolver.attempts();
    }

    DnsType type() {
        return type;
    }

    /** There is a place for it. */
    void begin() {
        state = State.ASKING;
        toAsk.addAll(resolver.servers().inOrder(turn, loop().nowNs()));
        askNext();
    }

    /** Nobody wants to know any more. */
    void giveUp() {
        if (state != State.DONE) {
            end();
        }
    }

    boolean isWaiting() {
        return state == State.WAITING;
    }

    private EventLoop loop() {
        return resolver.loop();
    }

    private void askNext() {
        Server next = toAsk.poll();
        if (next == null && --attemptsLeft > 0 && !silent.isEmpty()) {
            toAsk.addAll(silent); // The others have said what they have to say.
            silent.clear();
            next = toAsk.poll();
        }
        server = next;
        extension = DnsQuery.Extension.EDNS;
        if (next == null) {
            end();
            listener.onFailed(this, failure);
        } else {
            ask(resolver.usesTcp());
        }
    }

    private void ask(boolean overTcp) {
        Server asked = server;
        if (asked == null) {
            throw new IllegalStateException("no server");
        }
        strangers = 0;
        isSent = true;
        var query = new DnsQuery(resolver.nextId(), name, type);
        loop().timers().arm(timer, loop().nowNs() + resolver.timeoutNs());
        if (overTcp) {
            resolver.metrics().onQuery();
            resolver.metrics().onTcp();
            underWay = TcpTry.start(resolver, asked.address(), query, extension, this);
        } else {
            underWay = UdpTry.start(resolver, asked.address(), query, extension, this);
            if (isSent) {
                resolver.metrics().onQuery();
            }
        }
    }

    private void endTry() {
        Try ended = underWay;
        underWay = null;
        if (ended != null) {
            ended.cancel();
        }
    }

    /** The query that is about to begin cannot go. Until its time is over there may be a descriptor again; the server is not to blame. */
    void onNoDescriptor() {
        isSent = false;
    }

    private void onTimeout(long nowNs) {
        if (isSent) {
            resolver.metrics().onTimeout();
        }
        failure = DnsFailure.TIMED_OUT;
        onSilence(nowNs);
    }

    /** The query has got nowhere. */
    void onUnreachable() {
        failure = DnsFailure.UNREACHABLE;
        onSilence(loop().nowNs());
    }

    private void onSilence(long nowNs) {
        endTry();
        Server asked = server;
        if (asked != null) {
            if (isSent) {
                asked.onSilence(nowNs);
            }
            silent.add(asked);
        }
        askNext();
    }

    /**
     * A message has come, over UDP or {@code overTcp}.
     *
     * @param response what it says
     */
    void onMessage(DnsResponse response, boolean overTcp) {
        if (response.kind() == DnsResponse.Kind.FOREIGN && !overTcp) {
            resolver.metrics().onForeign();
            if (++strangers >= STRANGERS_MAX) {
                endTry();
                ask(true);
            }
            return; // Else the answer may still come.
        }
        Server asked = server;
        if (asked != null) {
            asked.onAnswer();
        }
        endTry();
        switch (response.kind()) {
            case ANSWER, NO_DATA, NO_SUCH_NAME -> {
                end();
                listener.onResponse(this, response);
            }
            case TRUNCATED -> {
                if (overTcp) {
                    fail(DnsFailure.MALFORMED);
                } else {
                    ask(true);
                }
            }
            case NOT_UNDERSTOOD -> {
                if (extension == DnsQuery.Extension.NONE) {
                    fail(DnsFailure.SERVER_FAILURE);
                } else {
                    extension = DnsQuery.Extension.NONE;
                    ask(overTcp);
                }
            }
            case SERVER_FAILURE -> fail(DnsFailure.SERVER_FAILURE);
            case REFUSED -> fail(DnsFailure.REFUSED);
            case FOREIGN, MALFORMED -> fail(DnsFailure.MALFORMED);
        }
    }

    private void fail(DnsFailure kind) {
        failure = kind;
        askNext();
    }

    private void end() {
        boolean hadPlace = state == State.ASKING;
        state = State.DONE;
        endTry();
        loop().timers().retire(timer);
        if (hadPlace) {
            resolver.onPlaceFree();
        }
    }
}
