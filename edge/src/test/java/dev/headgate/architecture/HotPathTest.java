package dev.headgate.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.architecture.ClassFileView.HotMethod;
import java.lang.classfile.Instruction;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.NewMultiArrayInstruction;
import java.lang.classfile.instruction.NewObjectInstruction;
import java.lang.classfile.instruction.NewPrimitiveArrayInstruction;
import java.lang.classfile.instruction.NewReferenceArrayInstruction;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Code that says {@code @HotPath} makes nothing: no objects but exceptions, no arrays, no text, no boxes, no iterators. What is allowed
 * nevertheless is listed with its reason.
 */
class HotPathTest {
    /** Run while the graph is built, before any request. */
    private static final Set<String> SET_UP = Set.of(
            "affinity.KeyHash.seeded",
            "affinity.RequestKey.forUpstream",
            "affinity.RequestKey.lambda$forUpstream",
            "affinity.StickyCookie.forEndpoints", // and whenever the list of endpoints changes
            "affinity.StickyCookie.lambda$new",
            "affinity.StickyCookie.line",
            "affinity.StickyCookie.token",
            "exchange.Responder.ascii",
            "forward.HeaderEdits.builder",
            "forward.HeaderEdits.nameError",
            "forward.HeaderEdits.valueError",
            "forward.HopLists.ascii",
            "forward.IdentityFields.sortedByLength",
            "forward.IdentityPolicy.withServer",
            "forward.IdentityPolicy.withServerText",
            "forward.TrustedProxies.parse",
            "exchange.Grpc.ascii",
            "exchange.AnswerConditions.among",
            "exchange.RetryAfter.ascii",
            "exchange.RetryMark.ascii",
            "exchange.RetryRules.of",
            "forward.FirstHopFields.hop",
            "forward.FirstHopFields.viaLine",
            "forward.Via.entry",
            "listener.ListenerNode.boundTo",
            "listener.ListenerNode.certificates",
            "listener.ListenerNode.http1Limits",
            "observe.CommonAccessFormat.ascii",
            "observe.JsonAccessFormat.key",
            "observe.JsonAccessFormat.start",
            "observe.CounterRows.makeRow",
            "observe.ListenerMetrics.tls",
            "observe.ListenerMetrics.tunnels",
            "observe.UpstreamMetrics.tls",
            "observe.UpstreamMetrics.tunnels",
            "route.ByteMap.tryBuild",
            "route.RouteChoice.builder",
            "route.RouteChoice.lambda$new",
            "route.RouteTable.builder",
            "upstream.CircuitGuard.settings",
            "upstream.Http2Client.limits",
            "upstream.UpstreamNode.attach",
            "upstream.UpstreamNode.cookieFor", // and whenever the balancer agent publishes a view
            "upstream.UpstreamNode.poolSettings",
            "upstream.UpstreamNode.publish", // likewise
            "upstream.UpstreamNode.selections", // and whenever the balancer agent publishes a view
            "upstream.UpstreamNode.socketOptions",
            "upstream.UpstreamNode.subsets");

    /** Make what is kept and used again, until there is enough of it. */
    private static final Set<String> GROWTH = Set.of(
            "engine.buffer.BufferPool.allocateSlab",
            "engine.buffer.BufferPool.cutOff",
            "downstream.ServerLoop.lambda$new",
            "exchange.Attempts.hedge",
            "exchange.LoopContext.frameScratch",
            "exchange.LoopContext.lambda$new",
            "exchange.RequestFlow.keep",
            "observe.AccessLogWriter.takeEmpty",
            "observe.LoopHistograms.record",
            "upstream.Http2Client.takeStream",
            "upstream.Http2ClientStream.holder",
            "upstream.Http2RequestContent.holder");

    /** Run once per connection. */
    private static final Set<String> CONNECTIONS = Set.of(
            "downstream.Http2ServerStream.becomeTunnel",
            "downstream.ServerSession.meet",
            "exchange.Attempts.becomeTunnel",
            "upstream.Http2ClientStream.becomeTunnel",
            "upstream.Http1ClientSession.bindTo",
            "upstream.UpstreamPool.connectPlain",
            "upstream.UpstreamPool.openAhead",
            "upstream.UpstreamPool.openAlone");

    /** Run for exchanges that are not in steady state: an attempt failed, an embedder's filters run, an answer is long. */
    private static final Set<String> EXCEPTIONS = Set.of(
            "exchange.Attempts.onFailed",
            "exchange.Exchange.route",
            "exchange.Responder.contentOf",
            "tls.transport.RecordReader.failFlooding",
            "upstream.Http1ClientSession.tlsFailureOf",
            "upstream.ConnectionEnd.tlsFailure");

    /** Called by those who read counters, on threads of their own, and by tests. */
    private static final Set<String> READERS = Set.of(
            "observe.EndpointMetrics.snapshot",
            "observe.ExchangeCounters.snapshot",
            "observe.ListenerMetrics.snapshot",
            "observe.ListenerMetrics.tlsSnapshot",
            "observe.ListenerMetrics.tunnelsSnapshot",
            "observe.ListenerMetrics.violationCounts",
            "observe.LogBlock.toByteArray",
            "observe.LoopHistograms.snapshot",
            "observe.RouteMetrics.snapshot",
            "observe.UpstreamMetrics.http2ViolationCounts",
            "observe.UpstreamMetrics.snapshot",
            "observe.TunnelMetrics.snapshot",
            "observe.UpstreamMetrics.tlsSnapshot",
            "observe.UpstreamMetrics.tunnelsSnapshot");

    private static final Set<String> ALLOWED = Stream.of(SET_UP, GROWTH, CONNECTIONS, EXCEPTIONS, READERS)
            .flatMap(Set::stream)
            .map(name -> "dev.headgate." + name)
            .collect(Collectors.toSet());

    private static final Set<String> BANNED_OWNERS = Set.of(
            "java.lang.StringBuilder",
            "java.util.Iterator",
            "java.util.regex.Pattern",
            "java.util.regex.Matcher",
            "java.util.Optional",
            "java.lang.System$Logger");

    private static final Set<String> BANNED_CALLS = Set.of(
            "java.lang.String.format",
            "java.lang.String.valueOf",
            "java.lang.String.substring",
            "java.lang.String.getBytes",
            "java.lang.String.concat",
            "java.lang.String.split",
            "java.lang.String.replace",
            "java.lang.String.toLowerCase",
            "java.lang.String.toCharArray",
            "java.lang.Integer.valueOf",
            "java.lang.Long.valueOf",
            "java.lang.Short.valueOf",
            "java.lang.Byte.valueOf",
            "java.lang.Character.valueOf",
            "java.lang.Boolean.valueOf",
            "java.lang.Double.valueOf",
            "java.lang.Integer.toString",
            "java.lang.Long.toString",
            "java.nio.ByteBuffer.wrap",
            "java.nio.ByteBuffer.allocate",
            "java.nio.ByteBuffer.allocateDirect",
            "java.nio.ByteBuffer.duplicate",
            "java.nio.ByteBuffer.slice",
            "java.util.Arrays.copyOf",
            "java.util.Arrays.copyOfRange",
            "java.util.List.of",
            "java.util.Map.of",
            "java.util.List.iterator",
            "java.lang.Iterable.iterator",
            "java.util.ArrayList.iterator",
            "java.util.Collection.stream",
            "java.util.List.stream");

    @Test
    void hotCodeMakesNothing() {
        Map<String, Set<String>> found = new TreeMap<>();
        for (HotMethod method : hotMethods()) {
            Set<String> made = madeBy(method);
            if (!made.isEmpty() && !ALLOWED.contains(method.fullName())) {
                found.put(method.fullName(), made);
            }
        }
        assertEquals(
                "",
                String.join(
                        "\n", found.entrySet().stream().map(Object::toString).toList()));
    }

    @Test
    void everyAllowanceIsUsed() {
        Set<String> unused = new TreeSet<>(ALLOWED);
        for (HotMethod method : hotMethods()) {
            if (!madeBy(method).isEmpty()) {
                unused.remove(method.fullName());
            }
        }
        assertEquals(Set.of(), unused);
    }

    @Test
    void thereIsHotCode() {
        assertTrue(hotMethods().size() > 200, "annotations are not seen");
    }

    private static List<HotMethod> hotMethods() {
        return OurClasses.read().stream()
                .flatMap(c -> c.hotMethods().stream())
                .filter(method -> !method.method().equals("toString") && !isArrayConstructor(method))
                .toList();
    }

    /** {@code T[]::new}: whoever calls it is looked at in its own place. */
    private static boolean isArrayConstructor(HotMethod method) {
        return method.method().startsWith("lambda$")
                && method.instructions().size() == 3
                && method.instructions().get(1) instanceof NewReferenceArrayInstruction;
    }

    private static Set<String> madeBy(HotMethod method) {
        Set<String> made = new TreeSet<>();
        List<Instruction> code = method.instructions();
        for (int i = 0; i < code.size(); i++) {
            String what = made(code.get(i));
            if (what != null && !isForException(code, i)) {
                made.add(what);
            }
        }
        return made;
    }

    private static @Nullable String made(Instruction instruction) {
        return switch (instruction) {
            case NewObjectInstruction made ->
                "new " + ClassFileView.dotted(made.className().asInternalName());
            case NewReferenceArrayInstruction made ->
                "array of " + made.componentType().asInternalName();
            case NewPrimitiveArrayInstruction made -> "array of " + made.typeKind();
            case NewMultiArrayInstruction made -> "array " + made.arrayType().asInternalName();
            case InvokeDynamicInstruction made
            when made.typeSymbol().parameterCount() > 0 ->
                made.bootstrapMethod().methodName() + " " + made.name();
            case InvokeInstruction call -> banned(call);
            default -> null;
        };
    }

    private static @Nullable String banned(InvokeInstruction call) {
        String owner = ClassFileView.dotted(call.owner().asInternalName());
        String name = owner + "." + call.name().stringValue();
        boolean isBanned =
                BANNED_OWNERS.contains(owner) || owner.startsWith("java.util.stream.") || BANNED_CALLS.contains(name);
        return isBanned ? "call of " + name : null;
    }

    /** Whether this is an exception, or makes the text of one: a failure is rare, and its text is worth the garbage. */
    private static boolean isForException(List<Instruction> code, int index) {
        if (code.get(index) instanceof NewObjectInstruction made
                && isException(made.className().asInternalName())) {
            return true;
        }
        int open = 0; // exceptions that have been made and not yet been given their text
        for (int i = 0; i < index; i++) {
            if (code.get(i) instanceof NewObjectInstruction made
                    && isException(made.className().asInternalName())) {
                open++;
            } else if (code.get(i) instanceof InvokeInstruction call
                    && call.name().equalsString("<init>")
                    && isException(call.owner().asInternalName())) {
                open--;
            }
        }
        return open > 0;
    }

    private static boolean isException(String internalName) {
        return internalName.endsWith("Exception") || internalName.endsWith("Error");
    }
}
