package dev.headgate.upstream;

import dev.headgate.engine.Connection;
import dev.headgate.engine.HotPath;
import dev.headgate.engine.LoopConfined;
import dev.headgate.exchange.Attempt;
import java.util.IdentityHashMap;
import org.jspecify.annotations.Nullable;

/** Finds idle sessions that may serve one client only, by that client's connection, the newest first. */
@LoopConfined
@HotPath
final class IdleByClient {
    private final IdentityHashMap<Connection, Http1ClientSession> newest = new IdentityHashMap<>();

    void add(Http1ClientSession session) {
        ClientBinding binding = session.bindingOrThrow();
        binding.olderOfClient = newest.put(binding.client(), session);
    }

    void remove(Http1ClientSession session) {
        ClientBinding binding = session.bindingOrThrow();
        Http1ClientSession each = newest.get(binding.client());
        Http1ClientSession older = binding.olderOfClient;
        if (each == session) {
            if (older == null) {
                newest.remove(binding.client());
            } else {
                newest.put(binding.client(), older);
            }
        } else {
            while (each != null) {
                ClientBinding before = each.bindingOrThrow();
                if (before.olderOfClient == session) {
                    before.olderOfClient = older;
                    break;
                }
                each = before.olderOfClient;
            }
        }
        binding.olderOfClient = null;
    }

    /** The newest session of {@code attempt}'s client, or null. */
    @Nullable
    Http1ClientSession first(Attempt attempt) {
        return skip(newest.get(attempt.clientConnection()), attempt);
    }

    /** The next older one. */
    @Nullable
    Http1ClientSession after(Http1ClientSession session, Attempt attempt) {
        return skip(session.bindingOrThrow().olderOfClient, attempt);
    }

    private static @Nullable Http1ClientSession skip(@Nullable Http1ClientSession from, Attempt attempt) {
        Http1ClientSession each = from;
        while (each != null && !each.bindingOrThrow().isOf(attempt)) {
            each = each.bindingOrThrow().olderOfClient;
        }
        return each;
    }
}
