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
        private int attempts;
        private @Nullable Outcome outcome;
        private int status;
        private int logged;
        private int loggedStatus;

        Entry(Plan plan, boolean isMalformed) {
            this.plan = plan;
            this.isMalformed = isMalformed;
        }
    }

    long nextId() {
        return ids.getAndIncrement();
    }

    /** The client is about to send the first byte. */
    void begin(Plan plan) {
        entries.put(plan.id(), new Entry(plan, false));
    }

    /** The client is about to send what no origin must ever see. */
    void beginMalformed(Plan plan) {
        entries.put(plan.id(), new Entry(plan, true));
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
            if (entry.attempts > (plan.isIdempotent() ? ATTEMPTS_MAX : 1)) {
                find("attempt " + entry.attempts + " at an origin: " + plan);
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
    }

    private void reconcile(Entry entry) {
        Outcome outcome = entry.outcome;
        if (outcome == null) {
            find("neither answered nor broken off: " + entry.plan);
            return;
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
