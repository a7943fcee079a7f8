package dev.headgate.fuzz.soak;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Accounts for every request by what its client saw, what reached an origin, and what the proxy logged. An entry lives from its request to the
 * reconciliation after its tide. Any thread may call.
 */
final class SoakLedger {
    private static final int FINDINGS_KEPT = 20;
    private static final int ATTEMPTS_MAX = 4; // three, and one more for a connection that was closed while idle
    private static final int STATUS_OF_ORIGINS = 200;

    private final AtomicLong ids = new AtomicLong(1);
    private final Map<Long, Entry> entries = new ConcurrentHashMap<>();
    private final AtomicLongArray outcomes = new AtomicLongArray(Outcome.values().length);
    private final LongAdder attempts = new LongAdder();
    private final LongAdder logged = new LongAdder();
    private final List<String> findings = new ArrayList<>(); // guarded by itself
    private final Map<String, LongAdder> kinds = new ConcurrentHashMap<>();

    /** One request; guarded by itself. */
    private static final class Entry {
        private final Plan plan;
        private final boolean isMalformed;
        private @Nullable Entry ahead; // on its connection, until this one is settled
        private int attempts;
        private boolean isBeingAnswered;
        private @Nullable Outcome outcome;
        private int status;
        private int logged;
        private int loggedStatus;

        Entry(Plan plan, boolean isMalformed, @Nullable Entry ahead) {
            this.plan = plan;
            this.isMalformed = isMalformed;
            this.ahead = ahead;
        }
    }

    long nextId() {
        return ids.getAndIncrement();
    }

    /** The client is about to send the first byte, behind {@code ahead} on the same connection. */
    void begin(Plan plan, @Nullable Plan ahead) {
        begin(plan, false, ahead);
    }

    /** The client is about to send what no origin must ever see, be it wrong or never whole. */
    void beginMalformed(Plan plan, @Nullable Plan ahead) {
        begin(plan, true, ahead);
    }

    private void begin(Plan plan, boolean isMalformed, @Nullable Plan ahead) {
        Entry before = ahead == null ? null : entries.get(ahead.id());
        entries.put(plan.id(), new Entry(plan, isMalformed, before));
    }

    /** The client has seen the end of it. */
    void end(Plan plan, Outcome outcome, int status) {
        Entry entry = entries.get(plan.id());
        if (entry == null) {
            find("ended but never begun: " + plan);
            return;
        }
        synchronized (entry) {
            if (entry.outcome != null) {
                find("ended twice: " + plan);
            }
            entry.outcome = outcome;
            entry.status = status;
        }
        outcomes.incrementAndGet(outcome.ordinal());
        kinds.computeIfAbsent(plan.route() + " " + plan.answer() + " " + outcome, key -> new LongAdder())
                .increment();
    }

    /** An origin has received the head of it. */
    void onAttempt(Plan plan) {
        attempts.increment();
        Entry entry = entries.get(plan.id());
        if (entry == null) {
            find("reached an origin, but nobody sends it now: " + plan);
            return;
        }
        synchronized (entry) {
            entry.attempts++;
            if (entry.isMalformed) {
                find("malformed, and yet reached an origin: " + plan);
            }
            if (!entry.plan.equals(plan)) {
                find("reached an origin as " + plan + " instead of " + entry.plan);
            }
            if (entry.attempts > attemptsMax(plan)) {
                find("attempt " + entry.attempts + " at an origin: " + plan);
            }
        }
        checkTurn(entry);
    }

    /** Steady origins fail nobody, so nothing is sent to them twice. */
    private static int attemptsMax(Plan plan) {
        return plan.isIdempotent() && plan.route() != Plan.Route.GOOD ? ATTEMPTS_MAX : 1;
    }

    /** Requests of a connection are served one after the other, in order: the one ahead has its answer, or its end. */
    private void checkTurn(Entry entry) {
        Entry ahead = aheadOf(entry);
        if (ahead == null) {
            return;
        }
        synchronized (ahead) {
            if (!ahead.isBeingAnswered && ahead.outcome == null) {
                find("reached an origin before the one ahead of it was answered: " + entry.plan + " behind "
                        + ahead.plan);
            }
        }
    }

    private static @Nullable Entry aheadOf(Entry entry) {
        synchronized (entry) {
            return entry.ahead;
        }
    }

    /** An origin is about to send the first byte of the answer. */
    void onAnswer(Plan plan) {
        Entry entry = entries.get(plan.id());
        if (entry != null) {
            synchronized (entry) {
                entry.isBeingAnswered = true;
            }
        }
    }

    /** The access log has a line for it; null for a line that names none. */
    void onLogged(@Nullable Long id, int status, String line) {
        logged.increment();
        if (id == null) {
            return;
        }
        Entry entry = entries.get(id);
        if (entry == null) {
            find("logged, but nobody sends it now: " + line);
            return;
        }
        synchronized (entry) {
            entry.logged++;
            entry.loggedStatus = status;
            if (entry.logged > 1) {
                find("logged twice: " + line);
            }
        }
        Entry ahead = aheadOf(entry);
        if (ahead == null) {
            return;
        }
        synchronized (ahead) {
            if (ahead.logged == 0 && !ahead.isMalformed) { // Of what is malformed, the log may not know the name.
                find("logged before the one ahead of it: " + line);
            }
        }
    }

    void find(String what) {
        synchronized (findings) {
            if (findings.size() < FINDINGS_KEPT) {
                findings.add(what);
            }
        }
    }

    /** With no request under way and the whole log read: all accounts must agree. Begins anew. */
    void reconcile() {
        Collection<Entry> settled = List.copyOf(entries.values());
        for (Entry entry : settled) {
            synchronized (entry) {
                reconcile(entry);
            }
            entries.remove(entry.plan.id());
        }
        for (Entry entry : settled) {
            synchronized (entry) {
                entry.ahead = null; // Connections live long, and each request knows the one before.
            }
        }
    }

    private void reconcile(Entry entry) {
        Outcome outcome = entry.outcome;
        if (outcome == null) {
            find("neither answered nor broken off: " + entry.plan);
            return;
        }
        if (outcome == Outcome.UNSERVED) {
            if (entry.attempts > 0 || entry.logged > 0) {
                find("behind the last of its connection, and yet %d attempts, logged %d times: %s"
                        .formatted(entry.attempts, entry.logged, entry.plan));
            }
            return;
        }
        // Also when the client saw nothing of it any more.
        if (entry.attempts > 0 && entry.logged == 0) {
            find(outcome + ", reached an origin, but not logged: " + entry.plan);
        }
        if (entry.attempts == 0 && entry.loggedStatus == STATUS_OF_ORIGINS) {
            find(outcome + ", logged as answered, but no origin was asked: " + entry.plan);
        }
        boolean mustBeLogged = outcome != Outcome.ABORTED && outcome != Outcome.GONE && !entry.isMalformed;
        if (mustBeLogged && entry.logged == 0) {
            find(outcome + " but not logged: " + entry.plan);
        }
        if (mustBeLogged && entry.logged > 0 && entry.status != entry.loggedStatus) {
            find(outcome + " with " + entry.status + " but logged with " + entry.loggedStatus + ": " + entry.plan);
        }
        if (outcome == Outcome.ANSWERED && entry.attempts == 0) {
            find("answered, but no origin was asked: " + entry.plan);
        }
    }

    /** Requests that began since the start. */
    long begun() {
        return ids.get() - 1;
    }

    long count(Outcome outcome) {
        return outcomes.get(outcome.ordinal());
    }

    long attempts() {
        return attempts.sum();
    }

    long logged() {
        return logged.sum();
    }

    List<String> findings() {
        synchronized (findings) {
            return List.copyOf(findings);
        }
    }

    /** How often each outcome befell each kind of request. */
    Map<String, Long> kinds() {
        Map<String, Long> counts = new TreeMap<>();
        kinds.forEach((kind, count) -> counts.put(kind, count.sum()));
        return counts;
    }
}
