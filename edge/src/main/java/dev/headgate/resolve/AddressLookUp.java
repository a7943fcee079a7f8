package dev.headgate.resolve;

import dev.headgate.config.UpstreamConfig.DnsConfig.Family;
import dev.headgate.engine.LoopConfined;
import dev.headgate.engine.timer.Timer;
import dev.headgate.observe.DnsFailure;
import dev.headgate.resolve.AddressAnswer.Missing;
import dev.headgate.resolve.Resolver.LookUpKey;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The addresses behind one name. Where one family alone is wanted, that one is asked for; else both are, side by side. Where those of IPv4 will do,
 * the other family has half a second once they are there: servers that never answer for the family that they do not know are not rare, and nobody
 * should wait for them.
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
    private final LookUpKey key;
    private final Listeners<AddressAnswer> listeners;
    private final Half inet4 = new Half(Family.IPV4, DnsType.A, Missing.IPV4);
    private final Half inet6 = new Half(Family.IPV6, DnsType.AAAA, Missing.IPV6);
    private Absence absence = new Absence("", List.of());
    private int turn; // of servers
    private boolean isOver;

    private final Timer grace = new Timer() {
        @Override
        protected void onDeadline(long nowNs) {
            conclude();
        }
    };

    /** What is known of one family; at most one of response and failure is set. */
    private static final class Half {
        final Family family;
        final DnsType type;
        final Missing asMissing;

        @Nullable
        Question question; // set while it is open

        @Nullable
        DnsResponse response;

        @Nullable
        DnsFailure failure;

        Half(Family family, DnsType type, Missing asMissing) {
            this.family = family;
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

    AddressLookUp(Resolver resolver, LookUpKey key) {
        this.resolver = resolver;
        this.key = key;
        this.listeners = new Listeners<>(resolver.metrics());
    }

    LookUpKey key() {
        return key;
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
            answerLocally(local.stream().filter(this::isWanted).toList());
            return;
        }
        List<DnsName> candidates = resolver.settings().conf().candidates(key.text());
        if (candidates.isEmpty()) {
            fail(resolver.noName());
            return;
        }
        absence = new Absence(key.text(), candidates);
        turn = resolver.servers().nextTurn();
        askNext();
    }

    /** What is known here is all that there is. */
    private void answerLocally(List<InetAddress> addresses) {
        long ttlNs = resolver.options().clamp(HOSTS_TTL_NS);
        if (addresses.isEmpty()) {
            fail(new LookUpFailure(DnsFailure.NO_DATA, ttlNs));
            return;
        }
        end();
        listeners.answer(new AddressAnswer(addresses, ttlNs, Missing.NOTHING));
    }

    private boolean isWanted(InetAddress address) {
        return isWanted(address instanceof Inet4Address ? Family.IPV4 : Family.IPV6);
    }

    private boolean isWanted(Family one) {
        return switch (key.wanted()) {
            case IPV4, IPV6 -> key.wanted() == one;
            case AUTO, BOTH -> true;
        };
    }

    /** What needs no server: the file, and names that mean this machine whatever anybody says (RFC 6761 §6.3). */
    private List<InetAddress> local() {
        List<InetAddress> found = resolver.settings().hosts().find(key.text());
        String text = key.text();
        String name = text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
        boolean isLocalhost = name.equals(LOCALHOST) || name.endsWith("." + LOCALHOST);
        if (isLocalhost && found.stream().noneMatch(InetAddress::isLoopbackAddress)) {
            return LOOPBACK;
        }
        return found;
    }

    private void askNext() {
        DnsName name = absence.next();
        if (name == null) {
            fail(absence.failure(resolver.options()));
            return;
        }
        for (Half half : List.of(inet4, inet6)) {
            if (isWanted(half.family)) {
                ask(half, name);
            }
        }
    }

    private void ask(Half half, DnsName name) {
        half.response = null;
        half.failure = null;
        half.question = resolver.ask(name, half.type, turn, this);
    }

    @Override
    public void onResponse(Question question, DnsResponse response) {
        Half half = halfOf(question);
        half.question = null;
        half.response = response;
        decide();
    }

    @Override
    public void onFailed(Question question, DnsFailure failure) {
        Half half = halfOf(question);
        half.question = null;
        half.failure = failure;
        decide();
    }

    private Half halfOf(Question question) {
        return question.type() == DnsType.A ? inet4 : inet6;
    }

    private void decide() {
        boolean isOpen = inet4.question != null || inet6.question != null;
        boolean isEnough = key.wanted() == Family.AUTO && inet4.is(DnsResponse.Kind.ANSWER);
        if (!isOpen) {
            conclude();
        } else if (isEnough || isAny(DnsResponse.Kind.NO_SUCH_NAME)) {
            // Servers that say there is no such name where there is but no address of this family are known (RFC 4074
            // §4.2).
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
            absence.addFailure(failure);
            askNext();
        }
    }

    /** There is nothing at this name. */
    private void goOn() {
        inet4.giveUp();
        inet6.giveUp();
        resolver.loop().timers().disarm(grace);
        for (Half half : List.of(inet4, inet6)) {
            if (half.response != null) {
                absence.add(half.response);
            }
        }
        askNext();
    }

    private void answer() {
        List<InetAddress> addresses = new ArrayList<>();
        long ttlNs = Long.MAX_VALUE;
        Missing missing = Missing.NOTHING;
        for (Half half : List.of(inet4, inet6)) {
            DnsResponse response = half.response;
            if (!isWanted(half.family)) {
                continue;
            }
            if (response == null) {
                missing = half.asMissing;
                ttlNs = Math.min(ttlNs, ResolverOptions.RETRY_NS);
            } else if (response.kind() == DnsResponse.Kind.ANSWER) {
                addresses.addAll(response.addresses());
                ttlNs = Math.min(ttlNs, resolver.options().ttlNs(response.ttlSeconds()));
            }
        }
        end();
        listeners.answer(new AddressAnswer(addresses, resolver.options().clamp(ttlNs), missing));
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
