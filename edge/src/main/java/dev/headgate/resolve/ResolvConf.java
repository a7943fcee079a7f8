package dev.headgate.resolve;

import dev.headgate.engine.Immutable;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.StringTokenizer;
import org.jspecify.annotations.Nullable;

/**
 * Whom to ask and what names mean here, as {@code /etc/resolv.conf} says it (resolv.conf(5)). What has no meaning for this client, such as
 * {@code sortlist} or {@code options edns0}, which is always on, is left out, and so is what cannot be read, as all resolvers do.
 *
 * @param servers at least one
 * @param search where to look for names that are not absolute, in this order
 * @param dots names with so many dots are first taken as they are
 * @param timeoutNs how long to wait for one answer; 0 where the file does not say so
 * @param attempts how often all servers are asked; 0 likewise
 * @param isRotated whether the servers have their turns, in place of the first being asked as long as it answers
 * @param usesTcp whether all is asked over TCP
 */
@Immutable
record ResolvConf(
        List<InetSocketAddress> servers,
        List<DnsName> search,
        int dots,
        long timeoutNs,
        int attempts,
        boolean isRotated,
        boolean usesTcp) {
    static final int PORT = 53;

    /** Most servers that are asked; further ones in the file are not. */
    static final int SERVERS_MAX = 8;

    /** Most places where names are looked for. */
    static final int SEARCH_MAX = 16;

    // As the C library caps them.
    private static final int DOTS_MAX = 15;
    private static final int TIMEOUT_SECONDS_MAX = 30;
    private static final int ATTEMPTS_MAX = 5;
    private static final long NS_PER_SECOND = 1_000_000_000L;

    ResolvConf {
        servers = List.copyOf(servers);
        search = List.copyOf(search);
    }

    /** What holds where servers are configured and no file is read. */
    static ResolvConf of(List<InetSocketAddress> servers) {
        return new ResolvConf(servers, List.of(), 1, 0, 0, false, false);
    }

    static ResolvConf parse(String text) {
        var reader = new Reader();
        text.lines().forEach(reader::line);
        return reader.result();
    }

    private static final class Reader {
        private final List<InetSocketAddress> servers = new ArrayList<>();
        private List<DnsName> search = List.of();
        private int dots = 1;
        private int timeoutSeconds;
        private int attempts;
        private boolean isRotated;
        private boolean usesTcp;

        void line(String line) {
            var words = new StringTokenizer(line);
            if (!words.hasMoreTokens()) {
                return;
            }
            String first = words.nextToken();
            List<String> rest = new ArrayList<>();
            while (words.hasMoreTokens()) {
                rest.add(words.nextToken());
            }
            switch (first) {
                case "nameserver" -> rest.stream().limit(1).forEach(this::server);
                case "domain" -> search = names(rest.subList(0, Math.min(1, rest.size())));
                case "search" -> search = names(rest); // The last of both counts.
                case "options" -> rest.forEach(this::option);
                default -> {
                    // A comment, or what concerns other resolvers.
                }
            }
        }

        private void server(String text) {
            InetAddress address = HostsFile.literal(text);
            if (address != null && servers.size() < SERVERS_MAX) {
                servers.add(new InetSocketAddress(address, PORT));
            }
        }

        private static List<DnsName> names(List<String> texts) {
            List<DnsName> names = new ArrayList<>();
            for (String text : texts) {
                DnsName name = DnsName.ofText(text);
                if (name != null && names.size() < SEARCH_MAX) {
                    names.add(name);
                }
            }
            return names;
        }

        private void option(String option) {
            int colon = option.indexOf(':');
            String name = colon < 0 ? option : option.substring(0, colon);
            int number = colon < 0 ? -1 : number(option.substring(colon + 1));
            switch (name) {
                case "ndots" -> dots = number < 0 ? dots : Math.min(number, DOTS_MAX);
                case "timeout" -> timeoutSeconds = number < 1 ? timeoutSeconds : Math.min(number, TIMEOUT_SECONDS_MAX);
                case "attempts" -> attempts = number < 1 ? attempts : Math.min(number, ATTEMPTS_MAX);
                case "rotate" -> isRotated = true;
                case "use-vc" -> usesTcp = true;
                default -> {
                    // Means nothing here.
                }
            }
        }

        private static int number(String text) {
            try {
                return Integer.parseInt(text);
            } catch (NumberFormatException e) {
                return -1;
            }
        }

        ResolvConf result() {
            if (servers.isEmpty()) {
                servers.add(new InetSocketAddress(InetAddress.getLoopbackAddress(), PORT)); // As resolv.conf(5) has it.
            }
            return new ResolvConf(servers, search, dots, timeoutSeconds * NS_PER_SECOND, attempts, isRotated, usesTcp);
        }
    }

    /** The names that {@code text} can mean, in the order in which to look for them; empty when it can be none. */
    List<DnsName> candidates(String text) {
        DnsName name = DnsName.ofText(text);
        if (name == null) {
            return List.of();
        }
        if (text.endsWith(".")) {
            return List.of(name);
        }
        List<DnsName> names = new ArrayList<>();
        for (DnsName place : search) {
            @Nullable DnsName below = name.below(place);
            if (below != null) {
                names.add(below);
            }
        }
        boolean isFirst = text.chars().filter(c -> c == '.').count() >= dots;
        names.add(isFirst ? 0 : names.size(), name);
        return names;
    }
}
