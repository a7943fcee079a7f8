package dev.headgate.bench.target;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headgate.bench.scenario.Ability;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NginxBuildTest {
    private static NginxBuild of(String version, String arguments) {
        return NginxBuild.parse("nginx version: nginx/" + version + "\nbuilt with OpenSSL 3.0.22\n"
                + "configure arguments: --prefix=/usr/share/nginx " + arguments + " --with-stream=dynamic\n");
    }

    @Test
    void whatItCanDoDependsOnItsAgeAndOnItsModules() {
        assertEquals(Set.of(), of("1.22.1", "").abilities());
        assertEquals(
                Set.of(Ability.HTTP_2), of("1.22.1", "--with-http_v2_module").abilities());
        assertEquals(
                Set.of(Ability.HTTP_2), of("1.29.3", "--with-http_v2_module").abilities());
        assertEquals(
                EnumSet.allOf(Ability.class),
                of("1.29.4", "--with-http_v2_module").abilities());
        assertEquals(Set.of(), NginxBuild.parse("").abilities());
    }

    @Test
    void itsLanguageDependsOnItsAge() {
        assertEquals(false, of("1.25.0", "").hasHttp2Directive());
        assertEquals(true, of("1.25.1", "").hasHttp2Directive());
        assertEquals(true, of("1.30.0", "").hasHttp2Directive());
        assertEquals(false, NginxBuild.parse("nginx: unknown").hasHttp2Directive());
    }
}
