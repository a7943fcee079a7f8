package dev.headgate.tls.context;

import dev.headgate.engine.AnyThread;
import java.security.GeneralSecurityException;
import java.security.NoSuchProviderException;
import java.security.Provider;
import java.security.Security;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Who does TLS (JSSE), by name: providers of the JVM, and those that are on the module path or the class path and say so as a service of
 * {@link Provider}, or are known to be there without. They are used by name alone: none is made one of the JVM's.
 */
@AnyThread
public final class TlsProviders {
    private static final String CONTEXT = "TLS";
    private static final int BROKEN_MAX = 100;

    private TlsProviders() {}

    /** What is wrong with a name, in words: that there is no such provider, but others. Null when there is. */
    public static @Nullable String problemWith(String name) {
        return find(name) == null
                ? "no provider of TLS is called " + name + "; there are: " + String.join(", ", names())
                : null;
    }

    /** All names, those of the JVM first. */
    public static List<String> names() {
        List<String> names = new ArrayList<>();
        for (Provider provider : Security.getProviders()) addName(provider, names);
        for (Provider provider : services()) addName(provider, names);
        return names;
    }

    private static void addName(Provider provider, List<String> names) {
        if (doesTls(provider) && !names.contains(provider.getName())) names.add(provider.getName());
    }

    /**
     * A context of that provider, not yet initialised.
     *
     * @param provider its name; null: the first of the JVM, which is the JDK's unless somebody has put another before it
     * @throws NoSuchProviderException when there is none of that name
     * @throws GeneralSecurityException when it has no TLS that can be used
     */
    static SSLContext newContext(@Nullable String provider) throws GeneralSecurityException {
        if (provider == null) return SSLContext.getInstance(CONTEXT);
        Provider found = find(provider);
        if (found == null) throw new NoSuchProviderException(problemWith(provider));
        return SSLContext.getInstance(CONTEXT, found);
    }

    private static @Nullable Provider find(String name) {
        Provider installed = Security.getProvider(name);
        if (installed != null) return doesTls(installed) ? installed : null;
        for (Provider provider : services()) {
            if (provider.getName().equals(name) && doesTls(provider)) return provider;
        }
        return null;
    }

    private static boolean doesTls(Provider provider) {
        return provider.getService("SSLContext", CONTEXT) != null;
    }

    /** Those that can be made; one that cannot, as for want of its native code, is not there. */
    private static List<Provider> services() {
        List<Provider> made = new ArrayList<>();
        KnownProviders loader = new KnownProviders(ClassLoader.getSystemClassLoader());
        Iterator<Provider> services = ServiceLoader.load(Provider.class, loader).iterator();
        int broken = 0;
        while (broken < BROKEN_MAX) {
            try {
                if (!services.hasNext()) return made;
                made.add(services.next());
            } catch (ServiceConfigurationError e) {
                broken++; // The next may be better.
            }
        }
        return made;
    }
}
