package dev.headgate.resolve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.config.UpstreamConfig.DnsConfig.Family;
import dev.headgate.engine.Engine;
import dev.headgate.engine.EngineOptions;
import dev.headgate.engine.EventLoop;
import dev.headgate.observe.DnsFailure;
import dev.headgate.observe.DnsMetrics;
import dev.headgate.observe.Metrics;
import dev.headgate.observe.MetricsSnapshot;
import dev.headgate.testkit.dns.DnsAsked;
import dev.headgate.testkit.dns.DnsMessage;
import dev.headgate.testkit.sim.FaultPlan;
import dev.headgate.testkit.sim.PeerEnd;
import dev.headgate.testkit.sim.Sabotage;
import dev.headgate.testkit.sim.SimIo;
import dev.headgate.testkit.sim.Simulator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A loop with a resolver in virtual time, and servers that say what a script tells them. */
final class NameWorld {
    static final long MS = 1_000_000L;
    static final long SECOND = 1_000 * MS;
    static final InetSocketAddress FIRST = new InetSocketAddress("10.0.0.53", 53);
    static final InetSocketAddress SECOND_SERVER = new InetSocketAddress("10.0.0.54", 53);
    static final ResolverOptions OPTIONS = new ResolverOptions(0, 0, SECOND, 300 * SECOND, 30 * SECOND, 64, 64, 1024);

    final Simulator simulator;
    final SimIo io;
    final Engine engine;
    final EventLoop loop;
    final List<String> asked = new ArrayList<>(); // server's last number, type and name, in order
    private final List<String> loopFailures = new ArrayList<>();
    private final Metrics metrics = new Metrics(1, 1, 1, 1);
    private final Resolver resolver;
    private final int restingDescriptors;

    /** What a server does with a datagram: any number of answers. */
    interface Script {
        List<byte[]> answers(DnsAsked asked);
    }

    NameWorld(String resolvConf, ResolverOptions options, FaultPlan faults) {
        this(7, resolvConf, "", options, faults);
    }

    NameWorld(long seed, String resolvConf, String hosts, ResolverOptions options, FaultPlan faults) {
        simulator = new Simulator(seed);
        io = new SimIo(simulator, faults, Sabotage.NONE);
        try {
            engine = Engine.start(EngineOptions.builder()
                    .loops(1)
                    .io(io)
                    .errorListener((loopIndex, where, failure) -> loopFailures.add(where + " " + failure))
                    .build());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        loop = engine.loop(0);
        var settings = new NameSettings(ResolvConf.parse(resolvConf), HostsFile.parse(hosts));
        resolver = new Resolver(loop, io.secretChance(), options, metrics.dns(), settings);
        simulator.run(() -> false, SECOND);
        restingDescriptors = io.openDescriptors();
    }

    static NameWorld of(String... resolvConf) {
        return new NameWorld(String.join("\n", resolvConf), OPTIONS, FaultPlan.NONE);
    }

    /** With one server, and nothing that goes wrong. */
    static NameWorld withServer(Script script) {
        return of("nameserver 10.0.0.53").server(FIRST, script);
    }

    // ---- servers

    NameWorld server(InetSocketAddress address, Script script) {
        io.datagramHost(address, (content, answer) -> {
            DnsAsked query = DnsAsked.read(content);
            note(address, query, "");
            script.answers(query).forEach(answer);
        });
        return this;
    }

    /** Over TCP; what comes of the script are the bytes of the answer with its length, and null ends the connection. */
    NameWorld tcpServer(InetSocketAddress address, Function<DnsAsked, byte[]> script) {
        io.host(address, new SimIo.Host() {
            @Override
            public void onConnection(PeerEnd end) {
                end.owner(new TcpPeer(end, query -> {
                    note(address, query, " over TCP");
                    return script.apply(query);
                }));
            }

            @Override
            public boolean isUp() {
                return true;
            }
        });
        return this;
    }

    private void note(InetSocketAddress address, DnsAsked query, String how) {
        int number = address.getAddress().getAddress()[3];
        String type = DnsTypes.name(query.type());
        asked.add(number + " " + type + " " + query.name() + (query.hasOptions() ? "" : " plain") + how);
    }

    private static final class TcpPeer implements PeerEnd.Peer {
        private final PeerEnd end;
        private final Function<DnsAsked, byte[]> script;
        private final ByteArrayOutputStream received = new ByteArrayOutputStream();

        TcpPeer(PeerEnd end, Function<DnsAsked, byte[]> script) {
            this.end = end;
            this.script = script;
        }

        @Override
        public void onReady() {
            received.writeBytes(end.read(Integer.MAX_VALUE));
            byte[] bytes = received.toByteArray();
            if (bytes.length < 2 || bytes.length < 2 + ByteBuffer.wrap(bytes).getShort()) {
                return;
            }
            received.reset();
            byte[] answer = script.apply(DnsAsked.read(Arrays.copyOfRange(bytes, 2, bytes.length)));
            if (answer.length == 0) {
                end.close();
            } else {
                end.write(ByteBuffer.wrap(answer));
            }
        }

        @Override
        public void onEnd() {
            end.close();
        }

        @Override
        public void onReset() {
            end.close();
        }
    }

    static List<byte[]> say(DnsMessage message) {
        return List.of(message.bytes());
    }

    /** Answers with these addresses of IPv4 and says that there are none of IPv6. */
    static Script addresses(long ttl, String... addresses) {
        return asked -> say(
                asked.type() == DnsMessage.A
                        ? DnsMessage.answerTo(asked).a(asked.name(), ttl, addresses)
                        : DnsMessage.answerTo(asked).soa("example", 60, 60));
    }

    static Script silence() {
        return asked -> List.of();
    }

    static Script code(int code) {
        return asked -> say(DnsMessage.answerTo(asked).code(code));
    }

    // ---- the resolver

    /** Runs {@code action} on the loop, and returns when it is done. */
    void onLoop(Consumer<Resolver> action) {
        boolean[] isDone = {false};
        assertTrue(loop.execute(() -> {
            action.accept(resolver);
            isDone[0] = true;
        }));
        assertTrue(simulator.run(() -> isDone[0], SECOND), "the loop does not answer");
    }

    /** Looks {@code host} up and answers what comes of it. */
    String lookUp(String host) {
        return lookUp(host, Family.AUTO);
    }

    /** The same with other addresses wanted than those that are by default. */
    String lookUp(String host, Family wanted) {
        List<String> results = new ArrayList<>();
        lookUp(host, wanted, results);
        assertTrue(simulator.run(() -> !results.isEmpty(), 1_000 * SECOND), "no result");
        assertEquals(List.of(), loopFailures);
        return results.getFirst();
    }

    void lookUp(String host, List<String> results) {
        lookUp(host, Family.AUTO, results);
    }

    void lookUp(String host, Family wanted, List<String> results) {
        assertTrue(loop.execute(() -> resolver.addresses(host, wanted, new LookUpListener<>() {
            @Override
            public void onAnswer(AddressAnswer answer) {
                results.add(text(answer));
            }

            @Override
            public void onFailed(LookUpFailure failure) {
                results.add(text(failure));
            }
        })));
    }

    String lookUpService(String name) {
        return lookUpService(name, Family.AUTO);
    }

    String lookUpService(String name, Family wanted) {
        List<String> results = new ArrayList<>();
        onLoop(names -> names.services(name, wanted, new LookUpListener<>() {
            @Override
            public void onAnswer(ServiceAnswer answer) {
                results.add(text(answer));
            }

            @Override
            public void onFailed(LookUpFailure failure) {
                results.add(text(failure));
            }
        }));
        assertTrue(simulator.run(() -> !results.isEmpty(), 1_000 * SECOND), "no result");
        assertEquals(List.of(), loopFailures);
        return results.getFirst();
    }

    /** How long {@code action} takes, in whole tenths of a second. */
    double seconds(Runnable action) {
        long beganNs = simulator.nowNs();
        action.run();
        return Math.floor((simulator.nowNs() - beganNs) / (100.0 * MS)) / 10;
    }

    private static String text(AddressAnswer answer) {
        return hosts(answer.addresses()) + " for " + answer.ttlNs() / SECOND + " s"
                + (answer.missing() == AddressAnswer.Missing.NOTHING ? "" : " without " + answer.missing());
    }

    private static String text(ServiceAnswer answer) {
        return answer.targets().stream()
                        .map(target -> target.host() + ":" + target.port() + " " + target.priority() + "/"
                                + target.weight() + " [" + hosts(target.addresses()) + "]")
                        .collect(Collectors.joining(" "))
                + " for " + answer.ttlNs() / SECOND + " s";
    }

    private static String hosts(List<InetAddress> addresses) {
        return addresses.stream().map(InetAddress::getHostAddress).collect(Collectors.joining(" "));
    }

    private static String text(LookUpFailure failure) {
        return failure.kind() + " again in " + failure.retryNs() / SECOND + " s";
    }

    MetricsSnapshot.Dns counts() {
        return metrics.snapshot(List.of()).dns();
    }

    long failures(DnsFailure kind) {
        return counts().byFailure()[kind.ordinal()];
    }

    DnsMetrics dnsMetrics() {
        return metrics.dns();
    }

    /** With all look-ups ended, no socket and no timer is left. */
    void assertNothingIsLeft() {
        assertTrue(simulator.run(() -> io.openDescriptors() == restingDescriptors, 10 * SECOND), "sockets are left");
        int[] timers = {-1};
        onLoop(names -> timers[0] = loop.timers().linkedTimers());
        assertEquals(0, timers[0], "timers are left");
    }
}
