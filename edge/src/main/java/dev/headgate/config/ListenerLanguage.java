package dev.headgate.config;

import dev.headgate.config.ListenerConfig.BodyRate;
import dev.headgate.config.ListenerConfig.EncodedControl;
import dev.headgate.config.ListenerConfig.EncodedSlash;
import dev.headgate.config.ListenerConfig.HalfClose;
import dev.headgate.config.ListenerConfig.Http10;
import dev.headgate.config.ListenerConfig.Http1Policy;
import dev.headgate.config.ListenerConfig.Protocol;
import dev.headgate.config.ListenerConfig.UnderscoreHeaders;
import dev.headgate.config.ListenerConfig.UriPolicy;
import dev.headgate.config.source.ProblemCode;
import dev.headgate.config.spec.Durations;
import dev.headgate.config.spec.ListSpec;
import dev.headgate.config.spec.ObjectSpec;
import dev.headgate.config.spec.Place;
import dev.headgate.config.spec.ScalarSpec;
import dev.headgate.config.spec.Scalars;
import dev.headgate.config.spec.Shape;
import dev.headgate.config.spec.Sizes;
import dev.headgate.config.spec.Values;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The keys of a listener. */
final class ListenerLanguage {
    private static final int PROTOCOLS_MAX = 8;

    static final ObjectSpec<ListenerLimits> LIMITS = limits();
    static final ObjectSpec<ListenerTimeouts> TIMEOUTS = timeouts();
    static final ObjectSpec<BodyRate> BODY_RATE = bodyRate();
    static final ObjectSpec<UriPolicy> URI = uri();
    static final ObjectSpec<Http1Policy> HTTP1 = http1();
    static final ObjectSpec<ListenerConfig> LISTENER = listener();

    private ListenerLanguage() {}

    /** Content of a request, also as a route's own limit. */
    static ScalarSpec<Long> bodySize() {
        return Sizes.between(0, 1024 * Sizes.TIB).orWord("unlimited", ListenerLimits.UNLIMITED);
    }

    private static ObjectSpec<ListenerConfig> listener() {
        var spec = ObjectSpec.<ListenerConfig>named(
                "listener", "A bound socket with the rules for those who connect to it.");
        var name = spec.required("name", Scalars.name(), "Identity across reloads; label in metrics and logs.");
        var address =
                spec.required("address", HttpScalars.listenAddress(), "Where to listen. Port 0 takes any free port.");
        var tls = spec.optional(
                "tls", new Scoped.Of<>(TlsLanguage.LISTENER_TLS), "TLS for all connections; plain without it.");
        var redirectToHttps = spec.optional(
                "redirectToHttps",
                RedirectToHttpsLanguage.REDIRECT_TO_HTTPS,
                "Sends clients to the same URI with https, in place of the routes. {} takes all defaults.");
        var protocols = spec.optional(
                "protocols",
                new ListSpec<>(
                                Scalars.words(Words.of(
                                        "h2", Protocol.HTTP_2, "http/1.1", Protocol.HTTP_1_1, "tcp", Protocol.TCP)),
                                1,
                                PROTOCOLS_MAX)
                        .distinctBy("protocol", Protocol::name),
                "What is spoken here, the preferred first. Without it [h2, http/1.1] with tls, and [http/1.1] without, where h2"
                        + " is for clients that begin with it. tcp, which stands alone, is any bytes: each connection is"
                        + " tunnelled to the upstream that to names, and routes do not apply.");
        var to = spec.optional(
                "to",
                new UpstreamReference(Scalars.name()),
                "With protocols: tcp, where connections go: the name of an upstream.");
        var backlog = spec.withDefault(
                "backlog", Scalars.count(1, 65535), 1024, "Connections that the kernel holds until they are accepted.");
        var limits = spec.withDefault(
                "limits",
                new Scoped.Of<>(LIMITS),
                Scoped.whole(LIMITS.defaults()),
                "Sizes and counts that a client cannot exceed.");
        var timeouts = spec.withDefault(
                "timeouts",
                new Scoped.Of<>(TIMEOUTS),
                Scoped.whole(TIMEOUTS.defaults()),
                "How long a client may take for each step.");
        var bodyRate = spec.withDefault("bodyRate", BODY_RATE, BODY_RATE.defaults(), "Least speed of a request body.");
        var uri = spec.withDefault("uri", URI, URI.defaults(), "How request targets become the one canonical path.");
        var http1 = spec.withDefault("http1", HTTP1, HTTP1.defaults(), "What of HTTP/1 is tolerated.");
        var http2 = spec.withDefault(
                "http2",
                Http2Language.LISTENER_HTTP2,
                Http2Language.LISTENER_HTTP2.defaults(),
                "What of HTTP/2 is taken. Limits of heads are those of limits.");
        return spec.build(new Shape<>() {
            @Override
            public ListenerConfig make(Values<ListenerConfig> values) {
                return new ListenerConfig(
                        values.get(name),
                        values.get(address),
                        Optional.ofNullable(values.find(tls)).map(Scoped::value),
                        Optional.ofNullable(values.find(redirectToHttps)),
                        protocols(values.find(protocols), values.find(tls)),
                        values.get(backlog),
                        values.get(limits).value(),
                        values.get(timeouts).value(),
                        values.get(bodyRate),
                        values.get(uri),
                        values.get(http1),
                        values.get(http2),
                        Optional.ofNullable(values.find(to)));
            }

            @Override
            public void split(ListenerConfig config, Values<ListenerConfig> values) {
                boolean isHttp = config.servesHttp();
                values.put(name, config.name());
                values.put(address, config.address());
                values.put(
                        tls,
                        config.tls()
                                .map(each -> new Scoped<>(each, ListenerScope.tlsWithheld(config)))
                                .orElse(null));
                values.put(redirectToHttps, config.redirectToHttps().orElse(null));
                values.put(protocols, config.protocols());
                values.put(backlog, config.backlog());
                values.put(to, config.to().orElse(null));
                values.put(limits, new Scoped<>(config.limits(), ListenerScope.limitsWithheld(config)));
                values.put(timeouts, new Scoped<>(config.timeouts(), ListenerScope.timeoutsWithheld(config)));
                values.put(bodyRate, isHttp ? config.bodyRate() : null);
                values.put(uri, isHttp ? config.uri() : null);
                values.put(http1, isHttp ? config.http1() : null);
                values.put(http2, config.speaksHttp2() ? config.http2() : null);
            }

            @Override
            public void check(ListenerConfig config, Place place) {
                ListenerScope.check(config, place);
                RedirectToHttpsLanguage.check(config, place);
            }
        });
    }

    private static List<Protocol> protocols(@Nullable List<Protocol> named, @Nullable Scoped<ListenerTls> tls) {
        if (named != null) return named;
        return tls == null ? ListenerConfig.PLAIN_PROTOCOLS : ListenerConfig.TLS_PROTOCOLS;
    }

    private static ObjectSpec<ListenerLimits> limits() {
        var spec = ObjectSpec.<ListenerLimits>named("listener.limits", "Sizes and counts that a client cannot exceed.");
        var requestLine = spec.withDefault(
                        "requestLine",
                        Sizes.intBetween(64, 64 * Sizes.KIB),
                        8 << 10,
                        "Request line without its CRLF. A longer one gets 414.")
                .edgeLimit();
        var headerLine = spec.withDefault(
                        "headerLine",
                        Sizes.intBetween(64, 64 * Sizes.KIB),
                        16 << 10,
                        "One field line. A longer one gets 431.")
                .edgeLimit();
        var headerBytes = spec.withDefault(
                        "headerBytes",
                        Sizes.intBetween(256, 128 * Sizes.KIB),
                        32 << 10,
                        "The header section as a whole. A longer one gets 431.")
                .edgeLimit();
        var headerCount = spec.withDefault(
                        "headerCount", Scalars.count(1, 1000), 100, "Field lines of a header section. More get 431.")
                .edgeLimit();
        var headerName = spec.withDefault(
                        "headerName", Sizes.intBetween(16, Sizes.KIB), 256, "One field name. A longer one gets 431.")
                .edgeLimit();
        var body = spec.withDefault(
                "body",
                bodySize(),
                10 * Sizes.MIB,
                "Content of a request, unless the route says otherwise. A longer one gets 413.");
        var trailerBytes = spec.withDefault(
                        "trailerBytes",
                        Sizes.intBetween(0, 64 * Sizes.KIB),
                        16 << 10,
                        "The trailer section. A longer one gets 431, and the connection is closed.")
                .edgeLimit();
        var chunkExtensionBytes = spec.withDefault(
                        "chunkExtensionBytes",
                        Sizes.intBetween(0, Sizes.MIB),
                        16 << 10,
                        "Chunk extensions of one message together. More get 400.")
                .edgeLimit();
        var requestsPerConnection = spec.withDefault(
                        "requestsPerConnection",
                        Scalars.count(1, 1_000_000_000),
                        10_000,
                        "Requests on one connection. The last response says Connection: close.")
                .edgeLimit();
        var connectionAge = spec.withDefault(
                        "connectionAge",
                        Durations.between(Durations.SECOND, 720 * Durations.HOUR),
                        Durations.HOUR,
                        "Age past which the next response says Connection: close.")
                .edgeLimit();
        var connections = spec.withDefault(
                        "connections",
                        Scalars.count(1, 1_000_000),
                        10_000,
                        "Open connections of this listener. A further one is closed at once.")
                .edgeLimit();
        var drainBytes = spec.withDefault(
                        "drainBytes",
                        Sizes.intBetween(0, 16 * Sizes.MIB),
                        64 << 10,
                        "Unread body that is read and dropped so that the connection can be used again. A longer rest"
                                + " closes the connection.")
                .edgeLimit();
        var bufferBytes = spec.withDefault(
                        "bufferBytes",
                        Sizes.intBetween(4 * Sizes.KIB, Sizes.MIB),
                        32 << 10,
                        "Bytes held per connection and direction while the other side cannot take them. Past it reading"
                                + " pauses.")
                .edgeLimit();
        return spec.build(new Shape<>() {
            @Override
            public ListenerLimits make(Values<ListenerLimits> values) {
                return new ListenerLimits(
                        values.get(requestLine),
                        values.get(headerLine),
                        values.get(headerBytes),
                        values.get(headerCount),
                        values.get(headerName),
                        values.get(body),
                        values.get(trailerBytes),
                        values.get(chunkExtensionBytes),
                        values.get(requestsPerConnection),
                        values.get(connectionAge),
                        values.get(connections),
                        values.get(drainBytes),
                        values.get(bufferBytes));
            }

            @Override
            public void split(ListenerLimits limits, Values<ListenerLimits> values) {
                values.put(requestLine, limits.requestLineBytes());
                values.put(headerLine, limits.headerLineBytes());
                values.put(headerBytes, limits.headerBytes());
                values.put(headerCount, limits.headerCount());
                values.put(headerName, limits.headerNameBytes());
                values.put(body, limits.bodyBytes());
                values.put(trailerBytes, limits.trailerBytes());
                values.put(chunkExtensionBytes, limits.chunkExtensionBytes());
                values.put(requestsPerConnection, limits.requestsPerConnection());
                values.put(connectionAge, limits.connectionAgeNs());
                values.put(connections, limits.connections());
                values.put(drainBytes, limits.drainBytes());
                values.put(bufferBytes, limits.bufferBytes());
            }

            @Override
            public void check(ListenerLimits limits, Place place) {
                checkLimits(limits, place);
            }
        });
    }

    private static void checkLimits(ListenerLimits limits, Place place) {
        if (limits.headerLineBytes() > limits.headerBytes()) {
            Place at = place.at(place.has("headerLine") ? "headerLine" : "headerBytes");
            at.report(
                    at.problem(ProblemCode.INCONSISTENT_VALUES, "one field line may be longer than the header section")
                            .found("headerLine " + Sizes.format(limits.headerLineBytes()) + ", headerBytes "
                                    + Sizes.format(limits.headerBytes()))
                            .expected("headerLine at most headerBytes"));
        }
        if (limits.headerNameBytes() > limits.headerLineBytes()) {
            Place at = place.at(place.has("headerName") ? "headerName" : "headerLine");
            at.report(at.problem(ProblemCode.INCONSISTENT_VALUES, "a field name may be longer than its line")
                    .found("headerName " + Sizes.format(limits.headerNameBytes()) + ", headerLine "
                            + Sizes.format(limits.headerLineBytes()))
                    .expected("headerName at most headerLine"));
        }
    }

    private static ObjectSpec<ListenerTimeouts> timeouts() {
        var spec = ObjectSpec.<ListenerTimeouts>named("listener.timeouts", "How long a client may take for each step.");
        var header = spec.withDefault(
                        "header",
                        Durations.between(10 * Durations.MILLISECOND, Durations.HOUR),
                        10 * Durations.SECOND,
                        "From the first byte of a request, or from accepting, to the end of its head; absolute. Then 408.")
                .edgeLimit();
        var bodyIdle = spec.withDefault(
                        "bodyIdle",
                        Durations.between(10 * Durations.MILLISECOND, Durations.HOUR),
                        30 * Durations.SECOND,
                        "Longest silence within a request body. Then 408.")
                .edgeLimit();
        var keepAlive = spec.withDefault(
                "keepAlive",
                Durations.between(0, 24 * Durations.HOUR),
                60 * Durations.SECOND,
                "From the end of a response to the first byte of the next request. Then the connection is closed.");
        var sendStall = spec.withDefault(
                        "sendStall",
                        Durations.between(10 * Durations.MILLISECOND, Durations.HOUR),
                        60 * Durations.SECOND,
                        "Longest time in which a client takes no byte of a response. Then the connection is aborted.")
                .edgeLimit();
        var drain = spec.withDefault(
                "drain",
                Durations.between(0, 5 * Durations.MINUTE),
                2 * Durations.SECOND,
                "Time for reading the rest of an unwanted request body. Then the connection is closed.");
        var linger = spec.withDefault(
                "linger",
                Durations.between(0, 5 * Durations.MINUTE),
                2 * Durations.SECOND,
                "Time in which a closing connection still reads, so that the client sees the response and no reset.");
        var expectContinue = spec.withDefault(
                "expectContinue",
                Durations.between(0, 5 * Durations.MINUTE),
                Durations.SECOND,
                "How long the origin may take to answer Expect: 100-continue before the proxy sends 100 itself.");
        var handshake = spec.withDefault(
                        "handshake",
                        Durations.between(10 * Durations.MILLISECOND, Durations.HOUR),
                        10 * Durations.SECOND,
                        "From accepting to the end of the TLS handshake; absolute. Then the connection is closed.")
                .edgeLimit();
        var tunnelIdle = spec.withDefault(
                        "tunnelIdle",
                        Durations.between(10 * Durations.MILLISECOND, 24 * Durations.HOUR),
                        10 * Durations.MINUTE,
                        "Longest time in which no byte goes through a tunnel, either way. Then both of its connections are"
                                + " aborted.")
                .edgeLimit();
        var tunnelAge = spec.withDefault(
                "tunnelAge",
                Durations.between(Durations.SECOND, 720 * Durations.HOUR).orWord("unlimited", 0L),
                0L,
                "Longest life of a tunnel, busy or not. Then likewise.");
        return spec.build(new Shape<>() {
            @Override
            public ListenerTimeouts make(Values<ListenerTimeouts> values) {
                return new ListenerTimeouts(
                        values.get(handshake),
                        values.get(header),
                        values.get(bodyIdle),
                        values.get(keepAlive),
                        values.get(sendStall),
                        values.get(drain),
                        values.get(linger),
                        values.get(expectContinue),
                        values.get(tunnelIdle),
                        values.get(tunnelAge));
            }

            @Override
            public void split(ListenerTimeouts timeouts, Values<ListenerTimeouts> values) {
                values.put(handshake, timeouts.handshakeNs());
                values.put(header, timeouts.headerNs());
                values.put(bodyIdle, timeouts.bodyIdleNs());
                values.put(keepAlive, timeouts.keepAliveNs());
                values.put(sendStall, timeouts.sendStallNs());
                values.put(drain, timeouts.drainNs());
                values.put(linger, timeouts.lingerNs());
                values.put(expectContinue, timeouts.expectContinueNs());
                values.put(tunnelIdle, timeouts.tunnelIdleNs());
                values.put(tunnelAge, timeouts.tunnelAgeNs());
            }
        });
    }

    private static ObjectSpec<BodyRate> bodyRate() {
        var spec = ObjectSpec.<BodyRate>named("listener.bodyRate", "Least speed of a request body.");
        var bytesPerSecond = spec.withDefault(
                "bytesPerSecond",
                Sizes.between(0, Sizes.GIB),
                500L,
                "Mean since the body began; 0B for none. A slower body gets 408.");
        var grace = spec.withDefault(
                "grace",
                Durations.between(0, Durations.HOUR),
                10 * Durations.SECOND,
                "Time at the start in which any speed is accepted.");
        return spec.build(new Shape<>() {
            @Override
            public BodyRate make(Values<BodyRate> values) {
                return new BodyRate(values.get(bytesPerSecond), values.get(grace));
            }

            @Override
            public void split(BodyRate rate, Values<BodyRate> values) {
                values.put(bytesPerSecond, rate.bytesPerSecond());
                values.put(grace, rate.graceNs());
            }
        });
    }

    private static ObjectSpec<UriPolicy> uri() {
        var spec = ObjectSpec.<UriPolicy>named("listener.uri", "How request targets become the one canonical path.");
        var encodedSlash = spec.withDefault(
                "encodedSlash",
                Scalars.words(Words.of("reject", EncodedSlash.REJECT, "keep", EncodedSlash.KEEP)),
                EncodedSlash.REJECT,
                "What %2F and %5C in a path become: reject answers 400, keep leaves them as they are.");
        var encodedControl = spec.withDefault(
                        "encodedControl",
                        Scalars.words(Words.of("reject", EncodedControl.REJECT, "keep", EncodedControl.KEEP)),
                        EncodedControl.REJECT,
                        "What %01 to %1F and %7F in a path become: reject answers 400, keep leaves them as they are."
                                + " %00 gets 400 in any case.")
                .edgeLimit();
        var mergeSlashes =
                spec.withDefault("mergeSlashes", Scalars.bool(), true, "Whether // in a path counts as one slash.");
        return spec.build(new Shape<>() {
            @Override
            public UriPolicy make(Values<UriPolicy> values) {
                return new UriPolicy(values.get(encodedSlash), values.get(encodedControl), values.get(mergeSlashes));
            }

            @Override
            public void split(UriPolicy policy, Values<UriPolicy> values) {
                values.put(encodedSlash, policy.encodedSlash());
                values.put(encodedControl, policy.encodedControl());
                values.put(mergeSlashes, policy.mergeSlashes());
            }
        });
    }

    private static ObjectSpec<Http1Policy> http1() {
        var spec = ObjectSpec.<Http1Policy>named("listener.http1", "What of HTTP/1 is tolerated.");
        var underscoreHeaders = spec.withDefault(
                "underscoreHeaders",
                Scalars.words(Words.of(
                        "drop", UnderscoreHeaders.DROP,
                        "reject", UnderscoreHeaders.REJECT,
                        "allow", UnderscoreHeaders.ALLOW)),
                UnderscoreHeaders.DROP,
                "Request field names with an underscore, which some origins take for a hyphen. Aliases of framing and"
                        + " forwarding fields get 400 in any case.");
        var http10 = spec.withDefault(
                "http10",
                Scalars.words(Words.of("accept", Http10.ACCEPT, "reject", Http10.REJECT)),
                Http10.ACCEPT,
                "Requests of version 1.0: accept serves them and closes the connection, reject answers 505.");
        var halfClose = spec.withDefault(
                "halfClose",
                Scalars.words(Words.of("wait", HalfClose.WAIT, "abort", HalfClose.ABORT)),
                HalfClose.WAIT,
                "A client that ends its side while its answer is being made: wait sends the answer and then closes, abort"
                        + " gives the exchange up.");
        return spec.build(new Shape<>() {
            @Override
            public Http1Policy make(Values<Http1Policy> values) {
                return new Http1Policy(values.get(underscoreHeaders), values.get(http10), values.get(halfClose));
            }

            @Override
            public void split(Http1Policy policy, Values<Http1Policy> values) {
                values.put(underscoreHeaders, policy.underscoreHeaders());
                values.put(http10, policy.http10());
                values.put(halfClose, policy.halfClose());
            }
        });
    }
}
