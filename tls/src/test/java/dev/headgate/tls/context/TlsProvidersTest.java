package dev.headgate.tls.context;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.NoSuchProviderException;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TlsProvidersTest {
    @Test
    void theJdksIsAmongThem() throws GeneralSecurityException {
        assertNull(TlsProviders.problemWith("SunJSSE"));
        assertTrue(TlsProviders.names().contains("SunJSSE"));
        assertEquals("SunJSSE", TlsProviders.newContext("SunJSSE").getProvider().getName());
        assertEquals("SunJSSE", TlsProviders.newContext(null).getProvider().getName());
    }

    /** SunEC is a provider, and not of TLS. Conscrypt is known by name, but not on the class path here. */
    @ParameterizedTest
    @ValueSource(strings = {"Nobody", "sunjsse", "SunEC", "Conscrypt"})
    void saysWhichThereAreInPlaceOfOneThatIsNot(String name) {
        assertFalse(TlsProviders.names().contains(name));
        String problem =
                "no provider of TLS is called " + name + "; there are: " + String.join(", ", TlsProviders.names());
        assertEquals(problem, TlsProviders.problemWith(name));
        assertEquals(
                problem,
                assertThrows(NoSuchProviderException.class, () -> TlsProviders.newContext(name))
                        .getMessage());
    }

    @Test
    void knownOnesAreTheServiceLoadersOnly() throws IOException {
        KnownProviders loader = new KnownProviders(ClassLoader.getSystemClassLoader());
        List<URL> lists = Collections.list(loader.findResources("META-INF/services/java.security.Provider"));
        assertEquals(1, lists.size());
        try (var in = lists.getFirst().openStream()) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            assertTrue(text.contains("\norg.conscrypt.OpenSSLProvider\n"), text);
        }
        assertFalse(loader.findResources("META-INF/services/java.lang.Runnable").hasMoreElements());
    }
}
