package dev.headgate.resolve;

import dev.headgate.engine.LoopConfined;
import dev.headgate.engine.timer.Timer;
import dev.headgate.observe.DnsFailure;
import dev.headgate.resolve.AddressAnswer.Missing;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The addresses behind one name. Both families are asked for side by side. When one has answered with addresses, the other has half a second to do
 * so too: servers that never answer for the family that they do not know are not rare, and nobody should wait for them.
 */
@LoopConfined
final class AddressLookUp implements Question.Listener {
    static final long GRACE_NS = 500_000_000L;

    /** How long answers hold that come from the file, which is looked at again then. */
    static final long HOSTS_TTL_NS = 10_000_000_000L;

    private static final String LOCALHOST = "localhost";
    private static final List<InetAddress> LOOPBACK =
            List.of(InetAddress.ofLiteral("127.0.0.1"), InetAddress.ofLiteral("::1"));

    private final Resolver resolver;
    private final String text;
    private final Listeners<AddressAnswer> listeners;
    private final Family inet4 = new Family(DnsType.A, Missing.IPV4);
    private final Family inet6 = new Family(DnsType.AAAA, Missing.IPV6);
    private Absence absence = new Absence(List.of());
    private boolean isOver;

    private final Timer grace = new Timer() {
        @Override
        protected void onDeadline(long nowNs) {
            conclude();
        }
    };

    /** What is known of one family; at most one of response and failure is set. */
    private static final class Family {
        final DnsType type;
        final Missing asMissing;

        @Nullable
        Question question; // set while it is open

        @Nullable
        DnsResponse response;

        @Nullable
        DnsFailure failure;

        Family(DnsType type, Missing asMissing) {
            this.type = type;
            this.asMissing = asMissing;
        }

        boolean is(DnsResponse.Kind kind) {
            return response != null && response.kind() == kind;
        }

        void giveUp() {
            Question open = question;
            question = null;
            if (open != null) {
                open.giveUp();
            }
        }
    }

    AddressLookUp(Resolver resolver, String text) {
        this.resolver = resolver;
        this.text = text;
        this.listeners = new Listeners<>(resolver.metrics());
    }

    String text() {
        return text;
    }

    void join(LookUpListener<AddressAnswer> listener) {
        listeners.add(listener);
    }

    void begin() {
        if (isOver) {
            return;
        }
        List<InetAddress> local = local();
        if (!local.isEmpty()) {
            end();
            listeners.answer(new AddressAnswer(local, resolver.options().clamp(HOSTS_TTL_NS), Missing.NOTHING));
            return;
        }
        List<DnsName> candidates = resolver.settings().conf().candidates(text);
        if (candidates.isEmpty()) {
            fail(resolver.failure(DnsFailure.NOT_A_NAME, DnsResponse.UNKNOWN));
            return;
        }
        absence = new Absence(candidates);
        askNext();
    }

    /** What needs no server: the file, and names that mean this machine whatever anybody says (RFC 6761 §6.3). */
    private List<InetAddress> local() {
        List<InetAddress> found = resolver.settings().hosts().find(text, resolver.answersMax());
        String name = text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
        boolean isLocalhost = name.equals(LOCALHOST) || name.endsWith("." + LOCALHOST);
        if (isLocalhost && found.stream().noneMatch(InetAddress::isLoopbackAddress)) {
            return LOOPBACK.subList(0, Math.min(LOOPBACK.size(), resolver.answersMax()));
        }
        return found;
    }

    private void askNext() {
        DnsName name = absence.next();
        if (name == null) {
            fail(absence.failure(resolver.options()));
            return;
        }
        ask(inet4, name);
        ask(inet6, name);
    }

    private void ask(Family family, DnsName name) {
        family.response = null;
        family.failure = null;
        family.question = resolver.ask(name, family.type, this);
    }

    @Override
    public void onResponse(Question question, DnsResponse response) {
        Family family = familyOf(question);
        family.question = null;
        family.response = response;
        decide();
    }

    @Override
    public void onFailed(Question question, DnsFailure failure) {
        Family family = familyOf(question);
        family.question = null;
        family.failure = failure;
        decide();
    }

    private Family familyOf(Question question) {
        return question.type() == DnsType.A ? inet4 : inet6;
    }

    private void decide() {
        boolean isOpen = inet4.question != null || inet6.question != null;
        if (!isOpen) {
            conclude();
        } else if (isAny(DnsResponse.Kind.ANSWER) || isAny(DnsResponse.Kind.NO_SUCH_NAME)) {
            // Servers that say there is no such name where there is but no address of this family are known (RFC 4074 §4.2).
            resolver.loop().timers().arm(grace, resolver.loop().nowNs() + GRACE_NS);
        }
    }

    private boolean isAny(DnsResponse.Kind kind) {
        return inet4.is(kind) || inet6.is(kind);
    }

    /** No more is waited for. */
    private void conclude() {
        DnsFailure failure = inet4.failure != null ? inet4.failure : inet6.failure;
        if (isAny(DnsResponse.Kind.ANSWER)) {
            answer();
        } else if (isAny(DnsResponse.Kind.NO_SUCH_NAME) || failure == null) {
            goOn(); // The first, whatever was asked for (RFC 8020 §2).
        } else {
            // The name may well be there; one of another place would not be what is meant.
            fail(resolver.failure(failure, DnsResponse.UNKNOWN));
        }
    }

    /** There is nothing at this name. */
    private void goOn() {
        inet4.giveUp();
        inet6.giveUp();
        resolver.loop().timers().retire(grace);
        for (Family family : List.of(inet4, inet6)) {
            if (family.response != null) {
                absence.add(family.response);
            }
        }
        askNext();
    }

    private void answer() {
        Set<InetAddress> addresses = new LinkedHashSet<>();
        long ttlNs = Long.MAX_VALUE;
        Missing missing = Missing.NOTHING;
        for (Family family : List.of(inet4, inet6)) {
            DnsResponse response = family.response;
            if (response == null) {
                missing = family.asMissing;
                ttlNs = Math.min(ttlNs, ResolverOptions.RETRY_NS);
            } else if (response.kind() == DnsResponse.Kind.ANSWER) {
                addresses.addAll(response.addresses());
                ttlNs = Math.min(ttlNs, resolver.options().ttlNs(response.ttlSeconds()));
            }
        }
        List<InetAddress> all = new ArrayList<>(addresses);
        int count = Math.min(all.size(), resolver.answersMax());
        end();
        listeners.answer(
                new AddressAnswer(all.subList(0, count), resolver.options().clamp(ttlNs), missing));
    }

    private void fail(LookUpFailure failure) {
        end();
        listeners.fail(failure);
    }

    void giveUp() {
        end();
    }

    private void end() {
        isOver = true;
        inet4.giveUp();
        inet6.giveUp();
        resolver.loop().timers().retire(grace);
        resolver.onEnded(this);
    }
}
