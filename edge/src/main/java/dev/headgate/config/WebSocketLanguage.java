package dev.headgate.config;

import dev.headgate.config.RouteConfig.RouteWebSocket;
import dev.headgate.config.spec.Durations;
import dev.headgate.config.spec.MappedSpec;
import dev.headgate.config.spec.ObjectSpec;
import dev.headgate.config.spec.ScalarSpec;
import dev.headgate.config.spec.Scalars;
import dev.headgate.config.spec.Shape;
import dev.headgate.config.spec.ShorthandSpec;
import dev.headgate.config.spec.Sizes;
import dev.headgate.config.spec.Spec;
import dev.headgate.config.spec.Values;
import java.util.Optional;

/** The keys of WebSockets on a route. */
final class WebSocketLanguage {
    static final ObjectSpec<RouteWebSocket> WEB_SOCKET = webSocket();
    static final Spec<Optional<RouteWebSocket>> WEB_SOCKET_OR_OFF = orOff();

    private WebSocketLanguage() {}

    private static Spec<Optional<RouteWebSocket>> orOff() {
        Spec<Optional<RouteWebSocket>> object = new MappedSpec<>(
                WEB_SOCKET, Optional::of, webSocket -> webSocket.orElseThrow(IllegalStateException::new));
        ScalarSpec<Optional<RouteWebSocket>> word = Scalars.words(
                Words.of("on", Optional.of(WEB_SOCKET.defaults()), "off", Optional.<RouteWebSocket>empty()));
        return new ShorthandSpec<>(word, object, Optional::isEmpty);
    }

    private static ObjectSpec<RouteWebSocket> webSocket() {
        var spec = ObjectSpec.<RouteWebSocket>named("route.webSocket", "What WebSockets may do (RFC 6455).");
        var idle = spec.withDefault(
                "idle",
                Durations.between(10 * Durations.MILLISECOND, 24 * Durations.HOUR),
                5 * Durations.MINUTE,
                "Longest time in which no byte goes through, either way. Then both sides get a Close frame.");
        var age = spec.withDefault(
                "age",
                Durations.between(Durations.SECOND, 720 * Durations.HOUR).orWord("unlimited", 0L),
                Durations.HOUR,
                "Longest life, busy or not. Then likewise.");
        var closeFrames = spec.withDefault(
                "closeFrames",
                Scalars.bool(),
                true,
                "Whether frames are followed, so that a Close frame can be placed between two of them when time is over or the"
                        + " proxy is being stopped. Without, connections are aborted.");
        var closeWait = spec.withDefault(
                "closeWait",
                Durations.between(10 * Durations.MILLISECOND, Durations.HOUR),
                5 * Durations.SECOND,
                "How long both sides may take to answer a Close frame. Then the connections are aborted.");
        var earlyBytes = spec.withDefault(
                "earlyBytes",
                Sizes.intBetween(0, 64 * Sizes.KIB),
                8 << 10,
                "What a client may send behind its request before the WebSocket is granted. More gets 400.");
        return spec.build(new Shape<>() {
            @Override
            public RouteWebSocket make(Values<RouteWebSocket> values) {
                return new RouteWebSocket(
                        values.get(idle),
                        values.get(age),
                        values.get(closeFrames),
                        values.get(closeWait),
                        values.get(earlyBytes));
            }

            @Override
            public void split(RouteWebSocket webSocket, Values<RouteWebSocket> values) {
                values.put(idle, webSocket.idleNs());
                values.put(age, webSocket.ageNs());
                values.put(closeFrames, webSocket.closeFrames());
                values.put(closeWait, webSocket.closeWaitNs());
                values.put(earlyBytes, webSocket.earlyBytes());
            }
        });
    }
}
