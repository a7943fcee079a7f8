package dev.headgate.probe;

import dev.headgate.config.HealthConfig;
import dev.headgate.config.HealthConfig.CheckType;
import dev.headgate.config.UpstreamConfig;
import dev.headgate.config.UpstreamConfig.HostPolicy;
import dev.headgate.config.UpstreamConfig.Protocol;
import dev.headgate.engine.AlternativeAddresses;
import dev.headgate.engine.Connection;
import dev.headgate.engine.ConnectionHandler;
import dev.headgate.engine.EventLoop;
import dev.headgate.engine.FirstWords;
import dev.headgate.engine.Immutable;
import dev.headgate.engine.LoopConfined;
import dev.headgate.engine.SocketOptions;
import dev.headgate.exchange.LoopContext;
import dev.headgate.http.Http1Limits;
import dev.headgate.http.h1.ResponseHeadDecoder;
import dev.headgate.http.h2.Http2Limits;
import dev.headgate.http.h2.Http2RequestOptions;
import dev.headgate.http.h2.Http2RequestOptions.Scheme;
import dev.headgate.http.h2.Http2RequestOptions.Trailers;
import dev.headgate.secure.UpstreamSecurity;
import dev.headgate.tls.transport.SecureConnection;
import dev.headgate.upstream.EndpointNode;
import dev.headgate.upstream.ProxyHeaders;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** How one endpoint is checked: what is asked, and over what connection. */
@Immutable
public final class ProbePlan {
    private static final String HTTP_2 = "h2";
    private static final byte[] NO_CONTENT = new byte[0];
    private static final Http1Limits LIMITS = Http1Limits.RESPONSE_DEFAULTS;
    private static final ResponseHeadDecoder HEADS = new ResponseHeadDecoder(LIMITS);
    private static final Http2Limits HTTP_2_LIMITS = Http2Limits.RESPONSE_DEFAULTS;

    private final OptionalInt port;
    private final long timeoutNs;
    private final Protocol protocol;
    private final EndpointNode endpoint;
    private final @Nullable UpstreamSecurity security;
    private final @Nullable HttpQuestion http; // of CheckType.HTTP
    private final @Nullable GrpcQuestion grpc; // of CheckType.GRPC
    private final Http2RequestOptions options;
    private final byte @Nullable [] firstWords; // what the connection begins with

    /**
     * As configured.
     *
     * @param config of the endpoint's upstream
     * @param health its checks
     * @param security TLS to the upstream; null when it is plain
     */
    public ProbePlan(
            UpstreamConfig config, HealthConfig health, EndpointNode endpoint, @Nullable UpstreamSecurity security) {
        this.port = health.port();
        this.timeoutNs = health.pace().timeoutNs();
        this.protocol = config.protocol();
        this.endpoint = endpoint;
        this.security = health.isPlain() ? null : security;
        String host = health.host()
                .orElse(config.host() instanceof HostPolicy.Fixed fixed ? fixed.host() : endpoint.hostText());
        this.http = health.type() == CheckType.HTTP ? new HttpQuestion(health.http(), host) : null;
        this.grpc = health.type() == CheckType.GRPC ? new GrpcQuestion(health.service(), host, timeoutNs) : null;
        this.options = new Http2RequestOptions(
                this.security == null ? Scheme.HTTP : Scheme.HTTPS,
                null,
                null,
                health.type() == CheckType.GRPC ? Trailers.TAKEN : Trailers.UNSAID);
        this.firstWords = health.port().isPresent() ? null : firstWords(config);
    }

    private ProbePlan(UpstreamConfig config, EndpointNode endpoint, long timeoutNs) {
        this.port = OptionalInt.empty();
        this.timeoutNs = timeoutNs;
        this.protocol = config.protocol();
        this.endpoint = endpoint;
        this.security = null;
        this.http = null;
        this.grpc = null;
        this.options = new Http2RequestOptions(Scheme.HTTP, null, null, Trailers.UNSAID);
        this.firstWords = firstWords(config);
    }

    /** Where requests go, the PROXY protocol is expected of everybody. */
    private static byte @Nullable [] firstWords(UpstreamConfig config) {
        ProxyHeaders headers = ProxyHeaders.of(config);
        return headers == null ? null : headers.own();
    }

    /** Whether a connection can be made, without TLS. */
    public static ProbePlan forConnection(UpstreamConfig config, EndpointNode endpoint, long timeoutNs) {
        return new ProbePlan(config, endpoint, timeoutNs);
    }

    /** For a whole check. */
    public long timeoutNs() {
        return timeoutNs;
    }

    /** What is connected to for a check, when requests go to {@code ofRequests}. */
    public SocketAddress addressFor(SocketAddress ofRequests) {
        if (port.isEmpty()) {
            return ofRequests;
        }
        return switch (ofRequests) {
            case InetSocketAddress tcp -> new InetSocketAddress(tcp.getAddress(), port.getAsInt());
            case AlternativeAddresses several ->
                new AlternativeAddresses(
                        several.addresses().stream().map(this::addressFor).toList(), several.delayNs());
            default -> ofRequests;
        };
    }

    @LoopConfined
    Connection connect(EventLoop loop, SocketAddress address, ConnectionHandler handler) {
        UpstreamSecurity by = security;
        if (by == null) {
            ConnectionHandler first = firstWords == null ? handler : new FirstWords(firstWords, handler);
            return loop.connect(address, SocketOptions.DEFAULTS, first);
        }
        return by.connect(
                loop,
                address,
                SocketOptions.DEFAULTS,
                endpoint.serverHost(),
                endpoint.sessionKey(),
                handler,
                firstWords);
    }

    /** What is said on an open connection; null when the endpoint has not chosen a protocol in which it could be. */
    @LoopConfined
    @Nullable
    Conversation converse(Connection opened, LoopContext context) {
        GrpcQuestion call = grpc;
        if (call != null) {
            return speaksHttp2(opened, true)
                    ? new Http2Conversation(
                            context, HTTP_2_LIMITS, call.head(), call.message(), options, new GrpcAnswer())
                    : null;
        }
        HttpQuestion question = http;
        if (question == null) {
            return new TcpConversation();
        }
        if (speaksHttp2(opened, protocol == Protocol.H2)) {
            return new Http2Conversation(
                    context, HTTP_2_LIMITS, question.head(), NO_CONTENT, options, new HttpAnswer(question));
        }
        return opened instanceof SecureConnection && protocol == Protocol.H2
                ? null
                : new Http1Conversation(question, HEADS, LIMITS);
    }

    /** @param byPriorKnowledge whether HTTP/2 is spoken where nothing is agreed on */
    private static boolean speaksHttp2(Connection opened, boolean byPriorKnowledge) {
        return opened instanceof SecureConnection secure
                ? HTTP_2.equals(secure.applicationProtocol())
                : byPriorKnowledge;
    }
}
