package dev.headgate.resolve;

import dev.headgate.config.Address;
import dev.headgate.engine.Immutable;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.StringTokenizer;
import org.jspecify.annotations.Nullable;

/** Names that have their addresses without asking anybody, as in {@code /etc/hosts}: an address per line, and the names that it has. */
@Immutable
final class HostsFile {
    static final HostsFile NONE = new HostsFile(Map.of());

    private final Map<String, Set<InetAddress>> addresses;

    private HostsFile(Map<String, Set<InetAddress>> addresses) {
        this.addresses = addresses;
    }

    /** Reads {@code text}. Lines that begin with no address are left out, as all systems do. */
    static HostsFile parse(String text) {
        Map<String, Set<InetAddress>> addresses = new HashMap<>();
        text.lines().forEach(line -> readLine(line, addresses));
        return new HostsFile(addresses);
    }

    private static void readLine(String line, Map<String, Set<InetAddress>> addresses) {
        int comment = line.indexOf('#');
        var words = new StringTokenizer(comment < 0 ? line : line.substring(0, comment));
        InetAddress address = words.hasMoreTokens() ? literal(words.nextToken()) : null;
        while (address != null && words.hasMoreTokens()) {
            addresses
                    .computeIfAbsent(key(words.nextToken()), _ -> new LinkedHashSet<>())
                    .add(address);
        }
    }

    /**
     * An address in its strict text form, one of IPv6 perhaps with a zone (RFC 4007 §11), or null; nothing is looked up. Where the zone is no
     * interface of this machine, it is the address without: that it cannot be reached is told then, and it is not missing without a word.
     */
    static @Nullable InetAddress literal(String text) {
        int percent = text.indexOf('%');
        String address = percent < 0 ? text : text.substring(0, percent);
        boolean mayBe = percent < 0 || address.indexOf(':') >= 0 && percent < text.length() - 1;
        if (!mayBe || !new Address.Tcp(address, 0).isLiteral()) {
            return null;
        }
        try {
            return InetAddress.ofLiteral(text);
        } catch (IllegalArgumentException e) {
            return InetAddress.ofLiteral(address);
        }
    }

    private static String key(String name) {
        String absolute = name.toLowerCase(Locale.ROOT);
        return absolute.endsWith(".") ? absolute.substring(0, absolute.length() - 1) : absolute;
    }

    /** The addresses of {@code name} as an answer has them; empty where it is not here. */
    List<InetAddress> find(String name) {
        return AddressAnswer.inOrder(addresses.getOrDefault(key(name), Set.of()));
    }
}
