package dev.headgate.balancer.health;

import dev.headgate.balancer.Jitter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes endpoints of one upstream out for a while.
 * <pre>
 *               report, if allowed                         its time is over,
 *   IN USE ─────────────────────────────▶ EJECTED ──────── or checks that passed ───────▶ IN USE
 *  (ejections are forgotten              (base × number of ejections, at most max,
 *   one by one)                           and a little more by chance)
 * </pre>
 * An ejection is allowed when
 * <ol>
 * <li>another endpoint would remain available: the last one is never ejected;
 * <li>with it, no more than the given share of the endpoints would be ejected. One always may be, however few there are,
 *     unless the share is 0. The share is that after the ejection: with half of three endpoints, one may be. That is how
 *     Envoy counts when it is told that one may always be ejected.
 * </ol>
 * The second rule keeps capacity that works badly from being lost altogether. Endpoints that cannot be connected to are no
 * capacity: they are ejected without regard to it, and do not count against the others.
 *
 * <p>Owned by one thread. Slots are numbers that endpoints keep for their life.
 */
public final class Ejector {
    /** What became of a wish to eject. */
    public enum Verdict {
        EJECTED("ejected"),
        ALREADY_EJECTED("already_ejected"),
        /** No other endpoint would remain. */
        LAST_AVAILABLE("last_available"),
        /** Too many are ejected already. */
        TOO_MANY("too_many"),
        /** The endpoint is not there any more: the report was on its way when it went. */
        GONE("gone");

        private final String text;

        Verdict(String text) {
            this.text = text;
        }

        /** Stable, for logs and metrics. */
        public String text() {
            return text;
        }
    }

    /** An endpoint that may be used again. */
    public record Return(int slot, EjectionReason reason, long ejectedNs) {}

    private static final int TIMES_MAX = 1_000;

    private final List<@Nullable Entry> entries = new ArrayList<>(); // by slot
    private EjectorSettings settings;
    private int endpoints;

    public Ejector(EjectorSettings settings) {
        this.settings = settings;
    }

    /** Takes other settings over. Who is ejected stays so until the time that was set; nobody stays longer than it would now. */
    public void reconfigure(EjectorSettings newSettings, long nowNs) {
        settings = newSettings;
        long latestNs = nowNs + Jitter.above(newSettings.maxNs(), newSettings.jitterPercent(), -1);
        for (Entry entry : entries) {
            if (entry != null && entry.reason != null && entry.returnNs - latestNs > 0) {
                entry.returnNs = latestNs;
            }
        }
    }

    /** An endpoint is there now. */
    public void add(int slot, long nowNs) {
        while (entries.size() <= slot) {
            entries.add(null);
        }
        if (entries.get(slot) != null) {
            throw new IllegalStateException("slot is taken: " + slot);
        }
        entries.set(slot, new Entry(nowNs));
        endpoints++;
    }

    /** The endpoint may come back: what is known of it is kept, and does not count for the others. */
    public void park(int slot) {
        Entry entry = entryAt(slot);
        if (entry != null && !entry.isParked) {
            entry.isParked = true;
            endpoints--;
        }
    }

    /** An endpoint that was parked is there again; when its time is over meanwhile, it is due. */
    public void unpark(int slot) {
        Entry entry = entryAt(slot);
        if (entry != null && entry.isParked) {
            entry.isParked = false;
            endpoints++;
        }
    }

    /** The endpoint is gone; what was known of it is forgotten. */
    public void remove(int slot) {
        park(slot);
        if (slot < entries.size()) {
            entries.set(slot, null);
        }
    }

    /**
     * Ejects an endpoint if that is allowed.
     *
     * @param othersAvailable how many other endpoints may be picked at the moment
     */
    public Verdict tryEject(int slot, EjectionReason reason, int othersAvailable, long nowNs, long random) {
        Entry entry = entryAt(slot);
        if (entry == null || entry.isParked) {
            return Verdict.GONE;
        }
        if (entry.reason != null) {
            return Verdict.ALREADY_EJECTED;
        }
        if (othersAvailable == 0) {
            return Verdict.LAST_AVAILABLE;
        }
        if (!isWithinShare(reason)) {
            return Verdict.TOO_MANY;
        }
        entry.forget(nowNs, settings.decayNs());
        entry.times = Math.min(entry.times + 1, timesMax());
        entry.eject(reason, nowNs, nowNs + ejectionNs(entry.times, random));
        return Verdict.EJECTED;
    }

    private boolean isWithinShare(EjectionReason reason) {
        if (settings.maxEjectedPercent() == 0) {
            return false;
        }
        if (reason.isUnreachable()) {
            return true;
        }
        int ejected = 0;
        for (Entry entry : entries) {
            EjectionReason other = entry == null || entry.isParked ? null : entry.reason;
            ejected += other != null && !other.isUnreachable() ? 1 : 0;
        }
        return ejected == 0 || (ejected + 1) * 100L <= (long) endpoints * settings.maxEjectedPercent();
    }

    /** How many ejections are remembered: those that still make a difference, or a bad day would take days to forget. */
    private int timesMax() {
        return (int) Math.min(settings.maxNs() / settings.baseNs() + 1, TIMES_MAX);
    }

    private long ejectionNs(int times, long random) {
        long fullNs = times > settings.maxNs() / settings.baseNs() ? settings.maxNs() : times * settings.baseNs();
        return Jitter.above(fullNs, settings.jitterPercent(), random);
    }

    /** Brings back those whose time is over, in the order of their slots. */
    public List<Return> takeDue(long nowNs) {
        List<Return> returned = new ArrayList<>();
        for (int slot = 0; slot < entries.size(); slot++) {
            Entry entry = entries.get(slot);
            if (entry != null && entry.reason != null && !entry.isParked && entry.returnNs - nowNs <= 0) {
                returned.add(bringBack(slot, entry, entry.reason, nowNs));
            }
        }
        return returned;
    }

    /**
     * An active check has ended.
     *
     * @param startedNs when the check began; one that was under way at the ejection proves nothing
     * @return the endpoint, if this check has brought it back, else null
     */
    public @Nullable Return onCheck(int slot, CheckResult result, long startedNs, long nowNs) {
        Entry entry = entryAt(slot);
        if (entry == null || entry.reason == null || startedNs - entry.ejectedNs < 0) {
            return null;
        }
        entry.passes = result.isPass() ? entry.passes + 1 : 0;
        boolean proves = switch (settings.earlyReturn()) {
            case NEVER -> false;
            case UNANSWERED -> entry.reason.isDisprovedByCheck();
            case ALWAYS -> true;
        };
        return proves && entry.passes >= settings.passesToReturn() ? bringBack(slot, entry, entry.reason, nowNs) : null;
    }

    /**
     * Brings an endpoint back before its time: by command, or because it has been tried in panic, when all that could not be
     * reached are, and has answered. Without the latter, the first to answer would get all traffic until the others' time is
     * over.
     *
     * @return the endpoint, or null if it was not ejected
     */
    public @Nullable Return uneject(int slot, long nowNs) {
        Entry entry = entryAt(slot);
        return entry == null || entry.reason == null ? null : bringBack(slot, entry, entry.reason, nowNs);
    }

    private static Return bringBack(int slot, Entry entry, EjectionReason reason, long nowNs) {
        entry.bringBack(nowNs);
        return new Return(slot, reason, entry.ejectedNs);
    }

    /** The endpoint is down by other knowledge: until the next call its ejections are not forgotten. */
    public void onUnwell(int slot, long nowNs) {
        Entry entry = entryAt(slot);
        if (entry != null) {
            entry.wellSinceNs = nowNs;
        }
    }

    public boolean isEjected(int slot) {
        return reason(slot) != null;
    }

    /** Why the endpoint is ejected, or null when it is not. */
    public @Nullable EjectionReason reason(int slot) {
        Entry entry = entryAt(slot);
        return entry == null ? null : entry.reason;
    }

    /** How often the endpoint has been ejected and this is not forgotten yet. */
    public int times(int slot, long nowNs) {
        Entry entry = entryAt(slot);
        if (entry == null) {
            return 0;
        }
        entry.forget(nowNs, settings.decayNs());
        return entry.times;
    }

    public int ejectedCount() {
        int ejected = 0;
        for (Entry entry : entries) {
            ejected += entry != null && entry.reason != null && !entry.isParked ? 1 : 0;
        }
        return ejected;
    }

    /** How long until the next endpoint is due, 0 if one is, or {@link Long#MAX_VALUE} when none is ejected. */
    public long nextReturnInNs(long nowNs) {
        long nextNs = Long.MAX_VALUE;
        for (Entry entry : entries) {
            if (entry != null && entry.reason != null && !entry.isParked) {
                nextNs = Math.min(nextNs, Math.max(entry.returnNs - nowNs, 0));
            }
        }
        return nextNs;
    }

    private @Nullable Entry entryAt(int slot) {
        return slot < entries.size() ? entries.get(slot) : null;
    }

    private static final class Entry {
        @Nullable
        EjectionReason reason; // set exactly while it is ejected

        int times;
        int passes; // checks in a row since the ejection
        boolean isParked;
        long ejectedNs;
        long returnNs;
        long wellSinceNs; // moves on as ejections are forgotten

        Entry(long nowNs) {
            this.wellSinceNs = nowNs;
        }

        void eject(EjectionReason newReason, long nowNs, long newReturnNs) {
            reason = newReason;
            passes = 0;
            ejectedNs = nowNs;
            returnNs = newReturnNs;
        }

        void bringBack(long nowNs) {
            reason = null;
            wellSinceNs = nowNs;
        }

        void forget(long nowNs, long decayNs) {
            if (reason != null || nowNs - wellSinceNs < decayNs) {
                return;
            }
            long steps = (nowNs - wellSinceNs) / decayNs;
            times = (int) Math.max(times - steps, 0);
            wellSinceNs += steps * decayNs;
        }
    }
}
