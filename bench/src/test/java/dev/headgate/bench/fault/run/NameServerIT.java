package dev.headgate.bench.fault.run;

import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.headgate.bench.target.Processes;
import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class NameServerIT {
    private static List<InetAddress> addresses(String... literals) {
        return List.of(literals).stream().map(InetAddress::ofLiteral).toList();
    }

    /** Both calls return once it answers with what was wanted. */
    @Test
    void leadsWhereItIsTold() throws Exception {
        assumeTrue(NameServer.isInstalled(), "dnsmasq is not installed");
        try (Processes processes = Processes.create();
                NameServer names = NameServer.start(processes, addresses("127.0.0.11", "127.0.0.12"))) {
            assertNotEquals(0, names.port());
            names.lead(addresses("127.0.0.13"));
            names.lead(addresses("127.0.0.11", "127.0.0.14"));
        }
    }

    @Test
    void leadsNowhereOnceItIsClosed() throws Exception {
        assumeTrue(NameServer.isInstalled(), "dnsmasq is not installed");
        try (Processes processes = Processes.create()) {
            NameServer names = NameServer.start(processes, addresses("127.0.0.11"));
            names.close();
            assertThrows(IOException.class, () -> names.lead(addresses("127.0.0.15")));
        }
    }
}
