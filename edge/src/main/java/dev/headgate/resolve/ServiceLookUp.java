package dev.headgate.resolve;

import dev.headgate.engine.LoopConfined;
import dev.headgate.observe.DnsFailure;
import dev.headgate.resolve.DnsResponse.Service;
import dev.headgate.resolve.Resolver.LookUpKey;
import dev.headgate.resolve.ServiceAnswer.Target;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The places of one service, and then the addresses of each. What a server adds to its answer of its own accord is not used: it would have to be
 * believed about names that it was not asked for.
 */
@LoopConfined
final class ServiceLookUp implements Question.Listener {
    /** Those first that are to be used first, in whatever order the server has them: a part of them is always the same one. */
    private static final Comparator<Service> ORDER = Comparator.comparingInt(Service::priority)
            .thenComparing(Comparator.comparingInt(Service::weight).reversed())
            .thenComparing(service -> service.target().toString())
            .thenComparingInt(Service::port);

    private final Resolver resolver;
    private final LookUpKey key;
    private final Listeners<ServiceAnswer> listeners;
    private final Map<DnsName, Place> places = new LinkedHashMap<>(); // by target
    private List<Service> services = List.of();
    private Absence absence = new Absence("", List.of());
    private @Nullable Question question; // set while it is open
    private long ttlNs;
    private int open; // places whose addresses are being looked up
    private int turn; // of servers
    private boolean isOver;

    /** The addresses of one target; one of both is set in the end. */
    private final class Place implements LookUpListener<AddressAnswer> {
        @Nullable
        AddressAnswer answer;

        @Nullable
        LookUpFailure failure;

        @Override
        public void onAnswer(AddressAnswer found) {
            answer = found;
            ended();
        }

        @Override
        public void onFailed(LookUpFailure failed) {
            failure = failed;
            ended();
        }

        private void ended() {
            if (--open == 0 && !isOver) {
                conclude();
            }
        }
    }

    ServiceLookUp(Resolver resolver, LookUpKey key) {
        this.resolver = resolver;
        this.key = key;
        this.listeners = new Listeners<>(resolver.metrics());
    }

    LookUpKey key() {
        return key;
    }

    void join(LookUpListener<ServiceAnswer> listener) {
        listeners.add(listener);
    }

    void begin() {
        if (isOver) {
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

    private void askNext() {
        DnsName name = absence.next();
        if (name == null) {
            fail(absence.failure(resolver.options()));
        } else {
            question = resolver.ask(name, DnsType.SRV, turn, this);
        }
    }

    @Override
    public void onFailed(Question asked, DnsFailure failure) {
        question = null;
        absence.addFailure(failure);
        askNext();
    }

    @Override
    public void onResponse(Question asked, DnsResponse response) {
        question = null;
        if (response.kind() != DnsResponse.Kind.ANSWER) {
            absence.add(response);
            askNext();
            return;
        }
        services = response.services().stream()
                .sorted(ORDER)
                .limit(resolver.placesMax())
                .toList();
        ttlNs = resolver.options().ttlNs(response.ttlSeconds());
        for (Service service : services) {
            if (!service.target().isRoot()) {
                places.computeIfAbsent(service.target(), _ -> new Place());
            }
        }
        if (places.isEmpty()) {
            long absenceNs = resolver.options().absenceNs(response.ttlSeconds());
            fail(new LookUpFailure(DnsFailure.NOT_OFFERED, absenceNs)); // The root is nowhere (RFC 2782).
            return;
        }
        open = places.size();
        places.forEach((target, place) -> resolver.addresses(target + ".", key.wanted(), place));
    }

    private void conclude() {
        List<Target> targets = new ArrayList<>();
        LookUpFailure failure = null;
        boolean isAnyKnown = false;
        for (Service service : services) {
            Place place = places.get(service.target());
            if (place == null) {
                continue;
            }
            AddressAnswer answer = place.answer;
            if (answer != null) {
                isAnyKnown = true;
                ttlNs = Math.min(ttlNs, answer.ttlNs());
                targets.add(target(service, answer));
            } else if (place.failure != null) {
                failure = failure == null || failure.kind().isAbsence() ? place.failure : failure;
                ttlNs = Math.min(ttlNs, place.failure.retryNs());
                if (!place.failure.kind().isAbsence()) {
                    targets.add(new Target(
                            service.target().toString(),
                            service.port(),
                            service.priority(),
                            service.weight(),
                            List.of()));
                }
            }
        }
        if (isAnyKnown || failure == null) {
            end();
            listeners.answer(new ServiceAnswer(targets, ttlNs));
        } else {
            fail(failure);
        }
    }

    private static Target target(Service service, AddressAnswer answer) {
        return new Target(
                service.target().toString(), service.port(), service.priority(), service.weight(), answer.addresses());
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
        Question asked = question;
        question = null;
        if (asked != null) {
            asked.giveUp();
        }
        resolver.onEnded(this);
    }
}
