package dev.headgate.config;

import dev.headgate.config.ListenerConfig.BodyRate;
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
import dev.headgate.config.spec.Sizes;
import java.util.List;
import java.util.Map;

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
        var name = spec.required(
                "name", Scalars.name(), ListenerConfig::name, "Identity across reloads; label in metrics and logs.");
        var address = spec.required(
                "address",
                HttpScalars.listenAddress(),
                ListenerConfig::address,
                "Where to listen. Port 0 takes any free port.");
        var protocols = spec.withDefault(
                "protocols",
                new ListSpec<>(Scalars.words(Map.of("http/1.1", Protocol.HTTP_1_1)), 1, PROTOCOLS_MAX)
                        .distinctBy("protocol", Protocol::name),
                List.of(Protocol.HTTP_1_1),
                ListenerConfig::protocols,
                "What is spoken here.");
        var backlog = spec.withDefault(
                "backlog",
                Scalars.count(1, 65535),
                1024,
                ListenerConfig::backlog,
                "Connections that the kernel holds until they are accepted.");
        var limits = spec.withDefault(
                "limits",
                LIMITS,
                LIMITS.defaults(),
                ListenerConfig::limits,
                "Sizes and counts that a client cannot exceed.");
        var timeouts = spec.withDefault(
                "timeouts",
                TIMEOUTS,
                TIMEOUTS.defaults(),
                ListenerConfig::timeouts,
                "How long a client may take for each step.");
        var bodyRate = spec.withDefault(
                "bodyRate",
                BODY_RATE,
                BODY_RATE.defaults(),
                ListenerConfig::bodyRate,
                "Least speed of a request body.");
        var uri = spec.withDefault(
                "uri", URI, URI.defaults(), ListenerConfig::uri, "How request targets become the one canonical path.");
        var http1 = spec.withDefault(
                "http1", HTTP1, HTTP1.defaults(), ListenerConfig::http1, "What of HTTP/1 is tolerated.");
        return spec.build(values -> new ListenerConfig(
                values.get(name),
                values.get(address),
                values.get(protocols),
                values.get(backlog),
                values.get(limits),
                values.get(timeouts),
                values.get(bodyRate),
                values.get(uri),
                values.get(http1)));
    }

    private static ObjectSpec<ListenerLimits> limits() {
        var spec = ObjectSpec.<ListenerLimits>named("listener.limits", "Sizes and counts that a client cannot exceed.");
        var requestLine = spec.withDefault(
                        "requestLine",
                        Sizes.intBetween(64, 64 * Sizes.KIB),
                        8 << 10,
                        ListenerLimits::requestLineBytes,
                        "Request line without its CRLF. A longer one gets 414.")
                .edgeLimit();
        var headerLine = spec.withDefault(
                        "headerLine",
                        Sizes.intBetween(64, 64 * Sizes.KIB),
                        16 << 10,
                        ListenerLimits::headerLineBytes,
                        "One field line. A longer one gets 431.")
                .edgeLimit();
        var headerBytes = spec.withDefault(
                        "headerBytes",
                        Sizes.intBetween(256, 128 * Sizes.KIB),
                        32 << 10,
                        ListenerLimits::headerBytes,
                        "The header section as a whole. A longer one gets 431.")
                .edgeLimit();
        var headerCount = spec.withDefault(
                        "headerCount",
                        Scalars.count(1, 1000),
                        100,
                        ListenerLimits::headerCount,
                        "Field lines of a header section. More get 431.")
                .edgeLimit();
        var headerName = spec.withDefault(
                        "headerName",
                        Sizes.intBetween(16, Sizes.KIB),
                        256,
                        ListenerLimits::headerNameBytes,
                        "One field name. A longer one gets 431.")
                .edgeLimit();
        var body = spec.withDefault(
                "body",
                bodySize(),
                10 * Sizes.MIB,
                ListenerLimits::bodyBytes,
                "Content of a request, unless the route says otherwise. A longer one gets 413.");
        var trailerBytes = spec.withDefault(
                        "trailerBytes",
                        Sizes.intBetween(0, 64 * Sizes.KIB),
                        16 << 10,
                        ListenerLimits::trailerBytes,
                        "The trailer section. A longer one gets 431, and the connection is closed.")
                .edgeLimit();
        var chunkExtensionBytes = spec.withDefault(
                        "chunkExtensionBytes",
                        Sizes.intBetween(0, Sizes.MIB),
                        16 << 10,
                        ListenerLimits::chunkExtensionBytes,
                        "Chunk extensions of one message together. More get 400.")
                .edgeLimit();
        var requestsPerConnection = spec.withDefault(
                        "requestsPerConnection",
                        Scalars.count(1, 1_000_000_000),
                        10_000,
                        ListenerLimits::requestsPerConnection,
                        "Requests on one connection. The last response says Connection: close.")
                .edgeLimit();
        var connectionAge = spec.withDefault(
                        "connectionAge",
                        Durations.between(Durations.SECOND, 720 * Durations.HOUR),
                        Durations.HOUR,
                        ListenerLimits::connectionAgeNs,
                        "Age past which the next response says Connection: close.")
                .edgeLimit();
        var connections = spec.withDefault(
                        "connections",
                        Scalars.count(1, 1_000_000),
                        10_000,
                        ListenerLimits::connections,
                        "Open connections of this listener. A further one is closed at once.")
                .edgeLimit();
        var drainBytes = spec.withDefault(
                        "drainBytes",
                        Sizes.intBetween(0, 16 * Sizes.MIB),
                        64 << 10,
                        ListenerLimits::drainBytes,
                        "Unread body that is read and dropped so that the connection can be used again. A longer rest"
                                + " closes the connection.")
                .edgeLimit();
        var bufferBytes = spec.withDefault(
                        "bufferBytes",
                        Sizes.intBetween(4 * Sizes.KIB, Sizes.MIB),
                        32 << 10,
                        ListenerLimits::bufferBytes,
                        "Bytes held per connection and direction while the other side cannot take them. Past it reading"
                                + " pauses.")
                .edgeLimit();
        spec.check(ListenerLanguage::checkLimits);
        return spec.build(values -> new ListenerLimits(
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
                values.get(bufferBytes)));
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
                        ListenerTimeouts::headerNs,
                        "From the first byte of a request, or from accepting, to the end of its head; absolute. Then 408.")
                .edgeLimit();
        var bodyIdle = spec.withDefault(
                        "bodyIdle",
                        Durations.between(10 * Durations.MILLISECOND, Durations.HOUR),
                        30 * Durations.SECOND,
                        ListenerTimeouts::bodyIdleNs,
                        "Longest silence within a request body. Then 408.")
                .edgeLimit();
        var keepAlive = spec.withDefault(
                "keepAlive",
                Durations.between(0, 24 * Durations.HOUR),
                60 * Durations.SECOND,
                ListenerTimeouts::keepAliveNs,
                "From the end of a response to the first byte of the next request. Then the connection is closed.");
        var sendStall = spec.withDefault(
                        "sendStall",
                        Durations.between(10 * Durations.MILLISECOND, Durations.HOUR),
                        60 * Durations.SECOND,
                        ListenerTimeouts::sendStallNs,
                        "Longest time in which a client takes no byte of a response. Then the connection is aborted.")
                .edgeLimit();
        var drain = spec.withDefault(
                "drain",
                Durations.between(0, 5 * Durations.MINUTE),
                2 * Durations.SECOND,
                ListenerTimeouts::drainNs,
                "Time for reading the rest of an unwanted request body. Then the connection is closed.");
        var linger = spec.withDefault(
                "linger",
                Durations.between(0, 5 * Durations.MINUTE),
                2 * Durations.SECOND,
                ListenerTimeouts::lingerNs,
                "Time in which a closing connection still reads, so that the client sees the response and no reset.");
        var expectContinue = spec.withDefault(
                "expectContinue",
                Durations.between(0, 5 * Durations.MINUTE),
                Durations.SECOND,
                ListenerTimeouts::expectContinueNs,
                "How long the origin may take to answer Expect: 100-continue before the proxy sends 100 itself.");
        return spec.build(values -> new ListenerTimeouts(
                values.get(header),
                values.get(bodyIdle),
                values.get(keepAlive),
                values.get(sendStall),
                values.get(drain),
                values.get(linger),
                values.get(expectContinue)));
    }

    private static ObjectSpec<BodyRate> bodyRate() {
        var spec = ObjectSpec.<BodyRate>named("listener.bodyRate", "Least speed of a request body.");
        var bytesPerSecond = spec.withDefault(
                "bytesPerSecond",
                Sizes.between(0, Sizes.GIB),
                500L,
                BodyRate::bytesPerSecond,
                "Mean since the body began; 0B for none. A slower body gets 408.");
        var grace = spec.withDefault(
                "grace",
                Durations.between(0, Durations.HOUR),
                10 * Durations.SECOND,
                BodyRate::graceNs,
                "Time at the start in which any speed is accepted.");
        return spec.build(values -> new BodyRate(values.get(bytesPerSecond), values.get(grace)));
    }

    private static ObjectSpec<UriPolicy> uri() {
        var spec = ObjectSpec.<UriPolicy>named("listener.uri", "How request targets become the one canonical path.");
        var encodedSlash = spec.withDefault(
                "encodedSlash",
                Scalars.words(Words.of("reject", EncodedSlash.REJECT, "keep", EncodedSlash.KEEP)),
                EncodedSlash.REJECT,
                UriPolicy::encodedSlash,
                "What %2F and %5C in a path become: reject answers 400, keep leaves them as they are.");
        var mergeSlashes = spec.withDefault(
                "mergeSlashes",
                Scalars.bool(),
                true,
                UriPolicy::mergeSlashes,
                "Whether // in a path counts as one slash.");
        return spec.build(values -> new UriPolicy(values.get(encodedSlash), values.get(mergeSlashes)));
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
                Http1Policy::underscoreHeaders,
                "Request field names with an underscore, which some origins take for a hyphen. Aliases of framing and"
                        + " forwarding fields get 400 in any case.");
        var http10 = spec.withDefault(
                "http10",
                Scalars.words(Words.of("accept", Http10.ACCEPT, "reject", Http10.REJECT)),
                Http10.ACCEPT,
                Http1Policy::http10,
                "Requests of version 1.0: accept serves them and closes the connection, reject answers 505.");
        var halfClose = spec.withDefault(
                "halfClose",
                Scalars.words(Words.of("wait", HalfClose.WAIT, "abort", HalfClose.ABORT)),
                HalfClose.WAIT,
                Http1Policy::halfClose,
                "A client that ends its side while its answer is being made: wait sends the answer and then closes, abort"
                        + " gives the exchange up.");
        return spec.build(
                values -> new Http1Policy(values.get(underscoreHeaders), values.get(http10), values.get(halfClose)));
    }
}
