package dev.headgate.tls.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headgate.tls.context.Identities;
import dev.headgate.tls.context.ServerSettings;
import dev.headgate.tls.context.TlsProfile;
import dev.headgate.tls.context.WarmUp;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WarmUpTest {
    /** Whole and resumed ones, in each version and with each kind of key; of one kind, one key will do. */
    @ParameterizedTest
    @CsvSource({"INTERMEDIATE, 8", "MODERN, 4"})
    void makesAllKindsOfHandshakes(TlsProfile profile, int count) throws Exception {
        Identities identities = Identities.of(List.of(Keys.ecdsa(), Keys.rsa(), Keys.shortNamed()));
        WarmUp warmUp = WarmUp.of(ServerSettings.of(profile, List.of("http/1.1")), identities);
        for (int i = 0; i < 3; i++) {
            assertEquals(count, warmUp.round());
        }
    }

    @ParameterizedTest
    @CsvSource({"INTERMEDIATE, 4", "MODERN, 2"})
    void needsNoApplicationProtocol(TlsProfile profile, int count) throws Exception {
        WarmUp warmUp = WarmUp.of(ServerSettings.of(profile, List.of()), Identities.of(List.of(Keys.ecdsa())));
        assertEquals(count, warmUp.round());
    }
}
