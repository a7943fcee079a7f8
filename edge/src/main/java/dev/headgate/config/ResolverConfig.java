package dev.headgate.config;

import dev.headgate.engine.Immutable;
import java.util.List;

/**
 * Who says what stands behind names.
 *
 * @param source whom to ask
 * @param hosts the path of a file with names that nobody needs to be asked for; empty for none
 * @param timeoutNs how long a server may take for one answer; 0, the default, leaves it to {@code resolv.conf}, and then to 2 s
 * @param attempts how often all servers are asked; 0, the default, leaves it to {@code resolv.conf}, and then to 2
 * @param ttlMinNs answers hold at least so long; default 1 s
 * @param ttlMaxNs answers hold at most so long; default 300 s
 * @param ttlAbsenceNs answers that there is nothing hold at most so long; from {@code ttlMinNs} to {@code ttlMaxNs}, default 30 s
 * @param answers most addresses of one name, or places of a service, that are used; default 64
 * @param queries questions under way at a time; default 64
 * @param lookUps look-ups under way or waiting at a time; default 1,024
 */
@Immutable
public record ResolverConfig(
        Source source,
        String hosts,
        long timeoutNs,
        int attempts,
        long ttlMinNs,
        long ttlMaxNs,
        long ttlAbsenceNs,
        int answers,
        int queries,
        int lookUps) {
    /** Whom to ask. */
    public sealed interface Source {}

    /** By what the system itself would ask. */
    public enum BySystem implements Source {
        /** The servers of {@code /etc/resolv.conf}; where there is no such file, the same as {@link #JDK}. */
        FILE,
        /** The JDK's resolver, which asks the system's. */
        JDK
    }

    /** These, in this order; each has an address literal. */
    public record Servers(List<Address.Tcp> addresses) implements Source {
        public Servers {
            addresses = List.copyOf(addresses);
        }
    }
}
