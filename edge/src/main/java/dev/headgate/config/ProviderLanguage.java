package dev.headgate.config;

import dev.headgate.config.spec.Refused;
import dev.headgate.config.spec.Scalars;
import dev.headgate.config.spec.Spec;

/** The key that says who does TLS. */
final class ProviderLanguage {
    private static final int LENGTH_MAX = 100;

    static final Spec<String> NAME =
            new ProviderName(Scalars.text("provider", "the name of a provider of TLS (JSSE)", value -> {
                String name = value.text();
                boolean isPrintable = name.chars().allMatch(c -> c > ' ' && c < 0x7F);
                if (name.isEmpty() || name.length() > LENGTH_MAX || !isPrintable) throw Refused.badValue("not a name");
                return name;
            }));

    static final String DESCRIPTION =
            "Who does TLS, by the name of its JSSE provider, as in SunJSSE; without it the JDK. Others"
                    + " go to the folder lib/ext of the distribution, or on the class path.";

    private ProviderLanguage() {}
}
