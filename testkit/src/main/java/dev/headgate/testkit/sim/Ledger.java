package dev.headgate.testkit.sim;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Knows every request of a run, and judges what peers see of it. */
public final class Ledger {
    private static final int ATTEMPTS_BEYOND_MAX = 1; // one more on a fresh connection, where a pooled one was stale

    private final Simulator simulator;
    private final int attemptsMax;
    private long bufferedMaxBytes;
    private final List<Planned> all = new ArrayList<>();
    private final Map<String, Planned> byTarget = new HashMap<>(); // looked up only
    private final Map<Integer, Budget> budgets = new HashMap<>(); // by upstream; looked up only
    private final Map<Integer, Integer> fallbacks = new HashMap<>(); // from one upstream to another; looked up only
    private boolean hasSpoilers;
    private int attempts;

    /** @param bufferedMaxBytes what the proxy may hold of one message on its way */
    public Ledger(Simulator simulator, int attemptsMax, long bufferedMaxBytes) {
        this.simulator = simulator;
        this.attemptsMax = attemptsMax;
        this.bufferedMaxBytes = bufferedMaxBytes;
    }

    /** At most so many retries may be seen at an upstream: a plain model of the proxy's, which forgets what it has saved. */
    private static final class Budget {
        private static final long SECOND_NS = 1_000_000_000L;
        private static final long BURST_SECONDS = 10;

        private final int percent;
        private final int floorPerSecond;
        private int requests; // planned for it and begun
        private int others; // that another upstream has not served
        private int retries;

        Budget(int percent, int floorPerSecond) {
            this.percent = percent;
            this.floorPerSecond = floorPerSecond;
        }

        /** By the proxy's clock, and with a second for the whole ones that it counts. */
        boolean isKept(long nowNs) {
            long seconds = BURST_SECONDS + nowNs / SECOND_NS + 1;
            return 100L * retries <= 100L * floorPerSecond * seconds + (long) percent * (requests + others);
        }

        @Override
        public String toString() {
            return retries + " retries for " + requests + " + " + others + " requests, of which " + percent
                    + " in a hundred, and " + floorPerSecond + " per second";
        }
    }

    /** What the proxy is told of retries at an upstream. */
    public void retryBudget(int upstream, int percent, int floorPerSecond) {
        budgets.put(upstream, new Budget(percent, floorPerSecond));
    }

    /** The proxy may hold so much more of one message, on a disk. */
    public void addBuffered(long bytes) {
        bufferedMaxBytes += bytes;
    }

    /** What one upstream does not serve may go to another. */
    public void fallback(int upstream, int other) {
        fallbacks.put(upstream, other);
    }

    private int fallbackOf(Planned planned) {
        return fallbacks.getOrDefault(planned.upstream, planned.upstream);
    }

    /** An attempt is seen at this upstream: its first one there is a request like any, and others are retries. */
    private void checkUpstream(Planned planned, int upstream, boolean isFirst) {
        Budget budget = budgets.get(upstream);
        if (upstream != planned.upstream && upstream != fallbackOf(planned)) {
            violated("I9: sent to upstream " + upstream + ": " + planned);
        } else if (!isFirst) {
            checkBudget(planned, upstream, budget);
        } else if (upstream != planned.upstream && budget != null) {
            budget.others++;
        }
    }

    private void checkBudget(Planned planned, int upstream, @Nullable Budget budget) {
        if (budget == null || hasSpoilers) {
            return; // Requests that nobody planned feed it too.
        }
        budget.requests = (int) all.stream()
                .filter(other -> other.isSent && other.upstream == upstream)
                .count();
        budget.retries++;
        if (!budget.isKept(simulator.clockNs())) {
            violated("I7: " + budget + ": " + planned);
        }
    }

    void add(Planned planned) {
        all.add(planned);
        byTarget.put(planned.target, planned);
    }

    /** Some client sends garbage: requests may appear that nobody planned. */
    void expectSpoilers() {
        hasSpoilers = true;
    }

    @Nullable
    Planned find(String target) {
        return byTarget.get(target);
    }

    Simulator simulator() {
        return simulator;
    }

    void violated(String what) {
        simulator.violated(what);
    }

    /** Requests that were begun. */
    public int sent() {
        return (int) all.stream().filter(p -> p.isSent).count();
    }

    /** Requests that got a whole final response. */
    public int answered() {
        return (int) all.stream().filter(p -> p.isAnswered).count();
    }

    /** Times that a request was seen on its way to an origin. */
    public int attempts() {
        return attempts;
    }

    /** The proxy has handed the request line of {@code target} to a connection with an endpoint of {@code upstream}. */
    @Nullable
    Planned onAttempt(String target, String method, int connection, int upstream) {
        Planned planned = planned(target, method, connection);
        if (planned != null && take(planned, method, connection, upstream) && planned.isAnswered) {
            violated("I7: sent after it was answered: " + planned);
        }
        return planned;
    }

    /**
     * The same of a stream among others, as the number {@code attempt}. It may have waited behind the frames of others while its client was
     * told that time is over: nothing can be taken out of a connection's frames.
     */
    @Nullable
    Planned onStream(String target, String method, int attempt, int upstream) {
        Planned planned = planned(target, method, attempt);
        if (planned != null) {
            take(planned, method, attempt, upstream);
        }
        return planned;
    }

    private @Nullable Planned planned(String target, String method, int connection) {
        Planned planned = find(target);
        if (planned == null && !hasSpoilers) {
            violated("I9: a request that nobody sent: " + method + " " + target + " on #" + connection);
        }
        return planned;
    }

    /** Answers whether this is an attempt as it should be, as far as that goes. */
    private boolean take(Planned planned, String method, int connection, int upstream) {
        if (planned.attemptConnections.contains(connection)) {
            if (!planned.isSpoiled) {
                violated("I7: sent twice on connection #" + connection + ": " + planned);
            }
            return false;
        }
        planned.attemptConnections.add(connection);
        planned.dropExcused();
        planned.attempts++;
        planned.dropExcused(); // which this one may be already
        attempts++;
        simulator.trace("attempt", connection, planned.attemptConnections.size(), planned.target);
        if (planned.isForbidden) {
            violated("I9: parsed after an error: " + planned);
        }
        if (planned.isSpoiled) {
            return false;
        }
        int seen = planned.attemptConnections.size();
        int mostTimes = attemptsMax + ATTEMPTS_BEYOND_MAX + (planned.isForHttp1 ? 1 : 0);
        if (!method.equals(planned.method)) {
            violated("I2: method " + method + " of " + planned);
        } else if (!planned.isSent) {
            violated("I9: sent before its client has: " + planned);
        } else if (seen > 1 && !planned.isIdempotent() && !planned.isRepeatable) {
            violated("I7: not idempotent, and sent " + seen + " times: " + planned);
        } else if (planned.attempts > (fallbackOf(planned) == planned.upstream ? 1 : 2) * mostTimes) {
            violated("I7: sent " + planned.attempts + " times: " + planned);
        }
        checkUpstream(planned, upstream, planned.upstreamsSeen.add(upstream));
        return true;
    }

    /** Part of a message is on its way through the proxy: what came in of it, and what went out since. */
    void onPassing(String what, Planned planned, long inBytes, long outBytes) {
        long held = inBytes - outBytes;
        if (held > bufferedMaxBytes) {
            violated("I3: " + held + " bytes of the " + what + " are held, limit " + bufferedMaxBytes + ": " + planned);
        }
    }

    /** Checks that every request got its origin's answer: where nothing goes wrong, nothing may be lost. */
    public void checkAllAnswered() {
        for (Planned planned : all) {
            if (!planned.isAnsweredByOrigin && !planned.isAbandoned) {
                violated("I8: nothing went wrong, and yet no origin's answer came: " + planned);
                return;
            }
        }
    }

    /** Checks the access log: one record per request that went to an origin, and none twice. */
    public void checkAccessLog(String text) {
        Map<String, Integer> counts = new HashMap<>();
        for (String line : text.split("\n", -1)) {
            if (line.isEmpty()) {
                continue;
            }
            if (!line.startsWith("{") || !line.endsWith("}")) {
                violated("access log: not a record: " + line);
                return;
            }
            int start = line.indexOf("\"path\":\"");
            if (start >= 0) {
                counts.merge(line.substring(start + 8, line.indexOf('"', start + 8)), 1, Integer::sum);
            }
        }
        for (Planned planned : all) {
            int count = counts.getOrDefault(planned.target, 0);
            boolean isWrong = count > 1 || count == 0 && !planned.attemptConnections.isEmpty();
            if (isWrong && !planned.isSpoiled) {
                violated("access log: " + count + " records of " + planned);
                return;
            }
        }
    }
}
