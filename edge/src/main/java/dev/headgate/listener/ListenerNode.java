package dev.headgate.listener;

import dev.headgate.config.Address;
import dev.headgate.config.ClientAuthRules;
import dev.headgate.config.ListenerConfig;
import dev.headgate.config.ListenerTls;
import dev.headgate.engine.HotPath;
import dev.headgate.forward.CertificateForwarding;
import dev.headgate.forward.HeaderEdits;
import dev.headgate.forward.Ingress;
import dev.headgate.http.Http1Limits;
import dev.headgate.http.h1.RequestHeadDecoder;
import dev.headgate.http.uri.UriPolicy;
import dev.headgate.observe.ListenerMetrics;
import dev.headgate.observe.LogLabel;
import dev.headgate.route.HttpsRedirect;
import dev.headgate.secure.ListenerSecurity;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A running listener: its name, and its rules in the form that sessions use. Identity: its name. */
@HotPath
public final class ListenerNode {
    private static final int HTTP_PORT = 80;
    private static final int HTTPS_PORT = 443;
    private static final byte[] HTTPS = "https".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] HTTP = "http".getBytes(StandardCharsets.US_ASCII);

    private final ListenerConfig config;
    private final ListenerMetrics metrics;
    private final @Nullable ListenerSecurity security;
    private final CertificateForwarding certificates;
    private final @Nullable HttpsRedirect httpsRedirect;
    private final HeaderEdits transportSecurity;
    private volatile Ingress ingress;
    private final LogLabel label;
    private final Http1Limits http1Limits;
    private final RequestHeadDecoder headDecoder;
    private final UriPolicy uriPolicy;
    private final Http2Rules http2;

    /**
     * @param security what {@code config} says of TLS; null when it says nothing
     * @param httpsRedirect what it says of clients that should use TLS; likewise
     */
    public ListenerNode(
            ListenerConfig config,
            ListenerMetrics metrics,
            @Nullable ListenerSecurity security,
            @Nullable HttpsRedirect httpsRedirect) {
        this.config = config;
        this.metrics = metrics;
        this.security = security;
        this.httpsRedirect = httpsRedirect;
        this.transportSecurity = TransportSecurity.of(config);
        this.ingress = new Ingress(ingressScheme(), portOf(config.address()));
        this.certificates = certificates(config);
        this.label = LogLabel.of(config.name());
        this.http1Limits = http1Limits(config);
        this.headDecoder = new RequestHeadDecoder(http1Limits);
        this.http2 = Http2Rules.of(config, http1Limits.underscoreNames());
        this.uriPolicy = new UriPolicy(
                config.uri().mergeSlashes() ? UriPolicy.Slashes.MERGE : UriPolicy.Slashes.KEEP,
                switch (config.uri().encodedSlash()) {
                    case REJECT -> UriPolicy.EscapedSeparators.REJECT;
                    case KEEP -> UriPolicy.EscapedSeparators.KEEP;
                },
                switch (config.uri().encodedControl()) {
                    case REJECT -> UriPolicy.EscapedControls.REJECT;
                    case KEEP -> UriPolicy.EscapedControls.KEEP;
                });
    }

    private static CertificateForwarding certificates(ListenerConfig config) {
        Set<CertificateForwarding.Kind> kinds = EnumSet.noneOf(CertificateForwarding.Kind.class);
        ListenerTls tls = config.tls().orElse(null);
        if (tls != null) {
            for (ClientAuthRules.Forward forward : tls.clientAuth().forwards()) {
                kinds.add(kindOf(forward));
            }
        }
        return new CertificateForwarding(kinds);
    }

    private static CertificateForwarding.Kind kindOf(ClientAuthRules.Forward forward) {
        return switch (forward) {
            case CLIENT_CERT -> CertificateForwarding.Kind.CLIENT_CERT;
            case CLIENT_CERT_CHAIN -> CertificateForwarding.Kind.CLIENT_CERT_CHAIN;
            case XFCC -> CertificateForwarding.Kind.XFCC;
            case XFCC_CERT -> CertificateForwarding.Kind.XFCC_CERT;
            case VERIFY -> CertificateForwarding.Kind.VERIFY;
        };
    }

    private static Http1Limits http1Limits(ListenerConfig config) {
        Http1Limits defaults = Http1Limits.DEFAULTS;
        return new Http1Limits(
                config.limits().requestLineBytes(),
                config.limits().headerLineBytes(),
                config.limits().headerBytes(),
                config.limits().headerCount(),
                config.limits().headerNameBytes(),
                defaults.methodBytes(),
                defaults.leadingCrlfCount(),
                config.limits().trailerBytes(),
                config.limits().headerCount(),
                config.limits().chunkExtensionBytes(),
                defaults.chunkLineBytes(),
                defaults.chunkSizeDigits(),
                switch (config.http1().underscoreHeaders()) {
                    case DROP -> Http1Limits.UnderscoreNames.DROP;
                    case REJECT -> Http1Limits.UnderscoreNames.REJECT;
                    case ALLOW -> Http1Limits.UnderscoreNames.ALLOW;
                },
                defaults.obsText());
    }

    public ListenerConfig config() {
        return config;
    }

    public String name() {
        return config.name();
    }

    public ListenerMetrics metrics() {
        return metrics;
    }

    /** How requests reach this listener. */
    public Ingress ingress() {
        return ingress;
    }

    /** The system has chosen a port; before the first request. */
    public void boundTo(int port) {
        ingress = new Ingress(ingressScheme(), port);
    }

    private Ingress.Scheme ingressScheme() {
        return security == null ? Ingress.Scheme.HTTP : Ingress.Scheme.HTTPS;
    }

    private int portOf(Address address) {
        int usual = security == null ? HTTP_PORT : HTTPS_PORT;
        return address instanceof Address.Tcp tcp && tcp.port() > 0 ? tcp.port() : usual;
    }

    /** TLS of its connections; null when they are plain. */
    public @Nullable ListenerSecurity security() {
        return security;
    }

    /** What origins are told of clients' certificates. */
    public CertificateForwarding certificates() {
        return certificates;
    }

    /** Where its clients are sent; null when requests go to the routes. */
    public @Nullable HttpsRedirect httpsRedirect() {
        return httpsRedirect;
    }

    /** Gives a response the one {@code Strict-Transport-Security} that this listener has (RFC 6797 §7.1), or changes nothing. */
    public HeaderEdits transportSecurity() {
        return transportSecurity;
    }

    public LogLabel label() {
        return label;
    }

    /** The URI scheme that clients use here. Not to be changed. */
    public byte[] scheme() {
        return security == null ? HTTP : HTTPS;
    }

    public Http1Limits http1Limits() {
        return http1Limits;
    }

    /** What is taken of HTTP/2, where it is spoken. */
    public Http2Rules http2() {
        return http2;
    }

    public RequestHeadDecoder headDecoder() {
        return headDecoder;
    }

    public UriPolicy uriPolicy() {
        return uriPolicy;
    }

    public boolean acceptsHttp10() {
        return config.http1().http10() == ListenerConfig.Http10.ACCEPT;
    }

    /** Whether a client that ends its side is taken to be gone. */
    public boolean abortsOnHalfClose() {
        return config.http1().halfClose() == ListenerConfig.HalfClose.ABORT;
    }

    public int requestsPerConnection() {
        return config.limits().requestsPerConnection();
    }

    public long connectionAgeNs() {
        return config.limits().connectionAgeNs();
    }

    public int drainBytesMax() {
        return config.limits().drainBytes();
    }

    public long bodyBytesMax() {
        return config.limits().bodyBytes();
    }

    public long headerTimeoutNs() {
        return config.timeouts().headerNs();
    }

    public long keepAliveNs() {
        return config.timeouts().keepAliveNs();
    }

    public long bodyIdleNs() {
        return config.timeouts().bodyIdleNs();
    }

    public long bodyBytesPerSecond() {
        return config.bodyRate().bytesPerSecond();
    }

    public long bodyGraceNs() {
        return config.bodyRate().graceNs();
    }

    public long sendStallNs() {
        return config.timeouts().sendStallNs();
    }

    public long drainNs() {
        return config.timeouts().drainNs();
    }

    public long lingerNs() {
        return config.timeouts().lingerNs();
    }

    public long expectContinueNs() {
        return config.timeouts().expectContinueNs();
    }
}
