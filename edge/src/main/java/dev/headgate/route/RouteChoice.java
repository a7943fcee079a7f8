package dev.headgate.route;

import dev.headgate.config.CertificateMatch;
import dev.headgate.config.RouteConfig.RouteMatch;
import dev.headgate.engine.HotPath;
import dev.headgate.engine.Immutable;
import dev.headgate.engine.io.Chance;
import dev.headgate.secure.ClientCertificate;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds the first route, in list order, that takes a request of a client. Routes that look at certificates lie in tables of their own, one for each way
 * of looking: which of these a client's requests are looked up in is the same for all of its connection, and found out once.
 *
 * @param <T> what a route stands for
 */
@HotPath
@Immutable
public final class RouteChoice<T> {
    private final RouteTable<Numbered<T>> anybodys;
    private final List<CertificateRule> rules = new ArrayList<>(); // not changed later
    private final List<RouteTable<Numbered<T>>> tables = new ArrayList<>(); // by rule
    private final long rulesOfNobody;

    /** A route and its place in the list. */
    private record Numbered<T>(int order, T route) {}

    private RouteChoice(Builder<T> builder) {
        anybodys = builder.anybodys.build();
        builder.byCertificate.forEach((certificate, table) -> {
            rules.add(new CertificateRule(certificate));
            tables.add(table.build());
        });
        rulesOfNobody = rulesOf(null);
    }

    /** Starts with no route. {@code chance} seeds hashes. */
    public static <T> Builder<T> builder(Chance chance) {
        return new Builder<>(chance);
    }

    /** Which rules fit a client, one bit for each; once per connection. */
    public long rulesOf(@Nullable ClientCertificate client) {
        long fitting = 0;
        for (int i = 0; i < rules.size(); i++) {
            if (rules.get(i).takes(client)) {
                fitting |= 1L << i;
            }
        }
        return fitting;
    }

    /** Which rules fit a client that has shown no certificate. */
    public long rulesOfNobody() {
        return rulesOfNobody;
    }

    /**
     * Finds the route of a request; see {@link RouteTable#match}.
     *
     * @param fitting rules that fit its client
     */
    public @Nullable T match(
            ByteBuffer bytes, int hostOffset, int hostLength, int pathOffset, int pathLength, long fitting) {
        Numbered<T> first = anybodys.match(bytes, hostOffset, hostLength, pathOffset, pathLength);
        for (long left = fitting; left != 0; left &= left - 1) {
            RouteTable<Numbered<T>> table = tables.get(Long.numberOfTrailingZeros(left));
            Numbered<T> other = table.match(bytes, hostOffset, hostLength, pathOffset, pathLength);
            if (other != null && (first == null || other.order < first.order)) {
                first = other;
            }
        }
        return first == null ? null : first.route;
    }

    /**
     * Collects routes in list order.
     *
     * @param <T> what a route stands for
     */
    public static final class Builder<T> {
        private final Chance chance;
        private final RouteTableBuilder<Numbered<T>> anybodys;
        private final Map<CertificateMatch, RouteTableBuilder<Numbered<T>>> byCertificate = new LinkedHashMap<>();
        private int count;

        private Builder(Chance chance) {
            this.chance = chance;
            this.anybodys = RouteTable.builder(chance);
        }

        /** Adds a route behind all that were added before. */
        public Builder<T> add(RouteMatch match, T route) {
            CertificateMatch certificate = match.certificate().orElse(null);
            RouteTableBuilder<Numbered<T>> table = certificate == null
                    ? anybodys
                    : byCertificate.computeIfAbsent(certificate, key -> RouteTable.builder(chance));
            table.add(match, new Numbered<>(count++, route));
            return this;
        }

        /** Compiles the routes. Throws {@link IllegalArgumentException} when they branch more often than is allowed. */
        public RouteChoice<T> build() {
            return new RouteChoice<>(this);
        }
    }
}
