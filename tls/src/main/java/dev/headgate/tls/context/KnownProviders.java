package dev.headgate.tls.context;

import java.net.URL;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;

/** Tells the service loader of providers that do not do so themselves, as Conscrypt does not: by the list that lies beside this class. */
final class KnownProviders extends ClassLoader {
    private static final String SERVICE = "META-INF/services/java.security.Provider";
    private static final String LIST = "providers";

    /** @param parent that finds their classes, if they are there */
    KnownProviders(ClassLoader parent) {
        super("headgate-providers", parent);
    }

    @Override
    protected Enumeration<URL> findResources(String name) {
        URL list = name.equals(SERVICE) ? KnownProviders.class.getResource(LIST) : null;
        return list == null ? Collections.emptyEnumeration() : Collections.enumeration(List.of(list));
    }
}
