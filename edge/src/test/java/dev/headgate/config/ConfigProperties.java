package dev.headgate.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class ConfigProperties {
    @Property(tries = 300)
    void whatIsPrintedReadsBackAsTheSame(@ForAll("configurations") ProxyConfig config) {
        String printed = ConfigPrinter.effective(config);
        ConfigResult read = ConfigLoader.parse("effective", printed, Configs.ENVIRONMENT);
        assertEquals(config, read.config().orElse(null), () -> printed + read.render());
        assertEquals(printed, ConfigPrinter.effective(read.orThrow()));
    }

    @Property(tries = 100)
    void whatIsPrintedFitsTheSchema(@ForAll("configurations") ProxyConfig config) {
        assertEquals(List.of(), JsonSchemaTest.violations(ConfigPrinter.effective(config)));
    }

    @Property(tries = 500)
    void anyTextIsAnsweredNotThrown(@ForAll("texts") String text) {
        assertNotNull(Configs.parse(text).render());
    }

    /** One character of a good configuration changed: near misses find more than noise does. */
    @Property(tries = 1000)
    void anyDamageIsAnsweredNotThrown(@ForAll("damagedConfigurations") String text) {
        assertNotNull(Configs.parse(text).render());
    }

    @Provide
    Arbitrary<ProxyConfig> configurations() {
        return RandomConfigs.configurations();
    }

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.oneOf(
                Arbitraries.strings().ofMaxLength(60),
                Arbitraries.strings().withChars("{}[]:,&*!|>'\"%@`#-? \n\tab0").ofMaxLength(40));
    }

    @Provide
    Arbitrary<String> damagedConfigurations() {
        String good = ConfigPrinter.effective(Configs.parseOrThrow(
                Configs.routeWith("match: {path: /a/*/b, host: \"*.a.com\"}, headers: {request: {set: {x-a: b}}}")));
        Arbitrary<String> damages = Arbitraries.strings()
                .withChars("{}[]:,&*!'\"$%#- \n01aZ\u00e4\u2028")
                .ofMaxLength(3);
        return Arbitraries.integers()
                .between(0, good.length() - 4)
                .flatMap(index -> damages.map(damage -> good.substring(0, index) + damage + good.substring(index + 3)));
    }
}
