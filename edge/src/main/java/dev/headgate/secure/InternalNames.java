package dev.headgate.secure;

import dev.headgate.engine.io.FileAccess;
import dev.headgate.tls.credential.CoveredNames;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a certificate of the proxy's own is for: this machine by all its names that are known without asking anybody, and what is added. */
final class InternalNames {
    private static final int FILE_BYTES_MAX = 4096;
    private static final int NAME_LENGTH_MAX = 253;
    private static final String WILDCARD = "*.";
    private static final List<Path> HOST_NAME_FILES =
            List.of(Path.of("/proc/sys/kernel/hostname"), Path.of("/etc/hostname"));

    private final FileAccess files;

    InternalNames(FileAccess files) {
        this.files = files;
    }

    /** This machine, and {@code further} hosts, wildcards and addresses in canonical form. */
    CoveredNames of(List<String> further) {
        Set<String> hosts = new HashSet<>(Set.of("localhost"));
        Set<String> domains = new HashSet<>();
        Set<InetAddress> addresses =
                new HashSet<>(Set.of(InetAddress.ofLiteral("127.0.0.1"), InetAddress.ofLiteral("::1")));
        String machine = machineName();
        if (machine != null) {
            hosts.add(machine);
        }
        for (String name : further) {
            if (name.startsWith(WILDCARD)) {
                domains.add(name.substring(WILDCARD.length()));
            } else if (isAddress(name)) {
                addresses.add(InetAddress.ofLiteral(name));
            } else {
                hosts.add(name);
            }
        }
        return new CoveredNames(hosts, domains, addresses);
    }

    /** A canonical host is an address when it has a colon, or nothing but a number behind its last dot. */
    private static boolean isAddress(String host) {
        String lastLabel = host.substring(host.lastIndexOf('.') + 1);
        return host.indexOf(':') >= 0 || lastLabel.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    private @Nullable String machineName() {
        for (Path file : HOST_NAME_FILES) {
            try {
                String name = new String(files.readAll(file, FILE_BYTES_MAX), StandardCharsets.US_ASCII)
                        .strip()
                        .toLowerCase(Locale.ROOT);
                if (isHostName(name)) {
                    return name;
                }
            } catch (IOException _) {
                // Not every system has it, and the others have no name that could be asked for without blocking.
            }
        }
        return null;
    }

    /** Names with other letters can be in no certificate. */
    private static boolean isHostName(String name) {
        if (name.isEmpty() || name.length() > NAME_LENGTH_MAX || isAddress(name)) {
            return false;
        }
        for (String label : name.split("\\.", -1)) {
            if (label.isEmpty()
                    || label.startsWith("-")
                    || label.endsWith("-")
                    || !label.chars().allMatch(c -> c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-')) {
                return false;
            }
        }
        return true;
    }
}
