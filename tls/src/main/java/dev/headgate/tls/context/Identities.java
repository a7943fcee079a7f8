package dev.headgate.tls.context;

import dev.headgate.engine.Immutable;
import dev.headgate.tls.credential.Credential;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Credentials by the names that they cover. For a name there may be several, with keys of different kinds; of one kind the first in the
 * list that was given counts.
 */
@Immutable
public final class Identities {
    private final List<Credential> all;
    private final Map<String, List<Credential>> exact = new HashMap<>();
    private final Map<String, List<Credential>> wildcards = new HashMap<>(); // by what stands behind "*."
    private final List<Credential> fallback;
    private final boolean servesUnknownNames;

    private Identities(List<Credential> credentials, List<Credential> fallback, boolean servesUnknownNames) {
        this.all = List.copyOf(credentials);
        for (Credential credential : credentials) {
            credential.names().exact().forEach(name -> add(exact, name, credential));
            credential.names().wildcards().forEach(name -> add(wildcards, name, credential));
        }
        this.fallback = fallback;
        this.servesUnknownNames = servesUnknownNames;
    }

    /**
     * Credentials of which none is for unknown names: clients that ask for one are refused. Clients that name none get the first.
     *
     * @param credentials at least one
     */
    public static Identities of(List<Credential> credentials) {
        return new Identities(credentials, firstOfEachKind(sameNames(credentials)), false);
    }

    /**
     * Credentials beside which {@code fallback} are for clients that ask for another name, or for none.
     *
     * @param fallback at least one; those with names are found by them as well
     */
    public static Identities withDefault(List<Credential> credentials, List<Credential> fallback) {
        List<Credential> all = new ArrayList<>(credentials);
        fallback.stream().filter(f -> !credentials.contains(f)).forEach(all::add);
        return new Identities(all, firstOfEachKind(fallback), true);
    }

    /** The first, and those of other kinds that cover the same names as it. */
    private static List<Credential> sameNames(List<Credential> credentials) {
        Credential first = credentials.getFirst();
        return credentials.stream().filter(c -> c.names().equals(first.names())).toList();
    }

    private static List<Credential> firstOfEachKind(List<Credential> credentials) {
        List<Credential> first = new ArrayList<>();
        credentials.forEach(credential -> addKind(first, credential));
        return List.copyOf(first);
    }

    private static void add(Map<String, List<Credential>> map, String name, Credential credential) {
        addKind(map.computeIfAbsent(name, key -> new ArrayList<>(1)), credential);
    }

    private static void addKind(List<Credential> list, Credential credential) {
        if (list.stream().noneMatch(known -> known.kind() == credential.kind())) {
            list.add(credential);
        }
    }

    /** All of them, in the order in which they were given. */
    public List<Credential> all() {
        return all;
    }

    /** Whether there is something to show to a client that asks for {@code serverName}, or for nothing when that is null. */
    public boolean knows(@Nullable String serverName) {
        return find(serverName) != null;
    }

    /**
     * Whether a client that asked for {@code asked} was shown what {@code host} has as well. A host that has nothing here is nobody's: then only
     * a client that asked for none is in the right.
     */
    public boolean areSame(@Nullable String asked, String host) {
        List<Credential> meant = find(host);
        List<Credential> shown = find(asked);
        if (meant == null || shown == null) {
            return meant == null && asked == null;
        }
        return meant.size() == shown.size() && shown.containsAll(meant);
    }

    /**
     * What to show to a client that asks for {@code serverName}: by the exact name, then by a wildcard for it, then the default.
     *
     * @param serverName in lower case and without a last dot; null when the client names none
     * @return null when the name is unknown and there is no default
     */
    @Nullable
    List<Credential> find(@Nullable String serverName) {
        if (serverName == null) {
            return fallback;
        }
        List<Credential> byName = exact.get(serverName);
        int dot = serverName.indexOf('.');
        if (byName == null && dot > 0) {
            byName = wildcards.get(serverName.substring(dot + 1));
        }
        return byName == null && servesUnknownNames ? fallback : byName;
    }
}
