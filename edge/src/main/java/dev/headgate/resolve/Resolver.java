package dev.headgate.resolve;

import dev.headgate.config.UpstreamConfig.DnsConfig.Family;
import dev.headgate.engine.EventLoop;
import dev.headgate.engine.LoopConfined;
import dev.headgate.engine.io.Chance;
import dev.headgate.observe.DnsFailure;
import dev.headgate.observe.DnsMetrics;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Looks names up on one loop: by {@code /etc/hosts} and {@code localhost} first, then by asking servers, for addresses of both families side by
 * side. Who asks for what is being looked up already gets the same answer.
 *
 * <p>Questions have a socket each, and so many are under way at a time; the others wait for a place.
 */
@LoopConfined
final class Resolver {
    private static final int IDS = 1 << 16;

    private final EventLoop loop;
    private final Chance chance;
    private final ResolverOptions options;
    private final DnsMetrics metrics;
    private final ByteBuffer encoded = ByteBuffer.allocateDirect(DnsQuery.BYTES_MAX);
    private final Map<LookUpKey, AddressLookUp> addressLookUps = new HashMap<>(); // looked up only
    private final Map<LookUpKey, ServiceLookUp> serviceLookUps = new HashMap<>(); // likewise
    private final ArrayDeque<Question> waiting = new ArrayDeque<>();
    private NameSettings settings;
    private ServerList servers;
    private int underWay; // questions that have a place
    private boolean isClosed;

    /**
     * What is being looked up.
     *
     * @param text the name in lower case
     * @param wanted which of its addresses count
     */
    record LookUpKey(String text, Family wanted) {}

    /**
     * @param chance for the numbers of queries: whoever can foresee them can forge answers
     * @param settings used until {@link #use}
     */
    Resolver(EventLoop loop, Chance chance, ResolverOptions options, DnsMetrics metrics, NameSettings settings) {
        this.loop = loop;
        this.chance = chance;
        this.options = options;
        this.metrics = metrics;
        this.settings = settings;
        this.servers = new ServerList(settings.conf());
    }

    /** Goes by {@code changed} from the next question on. */
    void use(NameSettings changed) {
        if (!changed.conf().equals(settings.conf())) {
            servers = new ServerList(changed.conf());
        }
        settings = changed;
    }

    // ---- look-ups

    /** Looks up what {@code host} stands for, as far as that is {@code wanted}; {@code listener} is never told from inside this call. */
    void addresses(String host, Family wanted, LookUpListener<AddressAnswer> listener) {
        var key = new LookUpKey(host.toLowerCase(Locale.ROOT), wanted);
        AddressLookUp lookUp = addressLookUps.get(key);
        if (lookUp == null) {
            lookUp = new AddressLookUp(this, key);
            addressLookUps.put(key, lookUp);
            lookUp.join(listener);
            loop.defer(lookUp::begin);
        } else {
            lookUp.join(listener);
        }
    }

    /** The same for the places of a service. */
    void services(String name, Family wanted, LookUpListener<ServiceAnswer> listener) {
        var key = new LookUpKey(name.toLowerCase(Locale.ROOT), wanted);
        ServiceLookUp lookUp = serviceLookUps.get(key);
        if (lookUp == null) {
            lookUp = new ServiceLookUp(this, key);
            serviceLookUps.put(key, lookUp);
            lookUp.join(listener);
            loop.defer(lookUp::begin);
        } else {
            lookUp.join(listener);
        }
    }

    void onEnded(AddressLookUp lookUp) {
        addressLookUps.remove(lookUp.key());
    }

    void onEnded(ServiceLookUp lookUp) {
        serviceLookUps.remove(lookUp.key());
    }

    /** Ends all look-ups; nobody is told any more. */
    void close() {
        isClosed = true;
        waiting.clear();
        List.copyOf(addressLookUps.values()).forEach(AddressLookUp::giveUp);
        List.copyOf(serviceLookUps.values()).forEach(ServiceLookUp::giveUp);
    }

    // ---- for look-ups

    NameSettings settings() {
        return settings;
    }

    ResolverOptions options() {
        return options;
    }

    DnsMetrics metrics() {
        return metrics;
    }

    EventLoop loop() {
        return loop;
    }

    /** @param turn the look-up's, of {@link ServerList#nextTurn} */
    Question ask(DnsName name, DnsType type, int turn, Question.Listener listener) {
        var question = new Question(this, name, type, turn, listener);
        if (isClosed) {
            question.giveUp();
        } else if (underWay < options.queriesMax()) {
            underWay++;
            loop.defer(() -> begin(question));
        } else {
            waiting.add(question);
        }
        return question;
    }

    private void begin(Question question) {
        if (question.isWaiting()) {
            question.begin();
        } else {
            onPlaceFree(); // Given up before it began.
        }
    }

    // ---- for questions

    /** A question has ended. */
    void onPlaceFree() {
        underWay--;
        while (underWay < options.queriesMax() && !waiting.isEmpty()) {
            Question next = waiting.remove();
            if (next.isWaiting()) {
                underWay++;
                loop.defer(() -> begin(next));
            }
        }
    }

    ServerList servers() {
        return servers;
    }

    int attempts() {
        return options.attempts(settings.conf());
    }

    long timeoutNs() {
        return options.timeoutNs(settings.conf());
    }

    boolean usesTcp() {
        return settings.conf().usesTcp();
    }

    int placesMax() {
        return options.placesMax();
    }

    int nextId() {
        return chance.nextInt(IDS);
    }

    /** The message, in a direct buffer that holds it until the next call. */
    ByteBuffer encode(DnsQuery query, DnsQuery.Extension extension) {
        encoded.clear();
        query.encode(encoded, extension);
        return encoded.flip();
    }

    /** What is no name. */
    LookUpFailure noName() {
        return new LookUpFailure(DnsFailure.NOT_A_NAME, options.retryNs());
    }
}
