package dev.headgate.discover;

import dev.headgate.discover.Names.Answer.Failed;
import dev.headgate.discover.Names.Answer.Found;
import dev.headgate.engine.io.NameResolver;
import dev.headgate.engine.io.WorkPool;
import java.io.IOException;
import java.net.InetAddress;
import java.util.List;

/** Names by the system's resolver, whose look-ups block the threads of a pool. */
public final class ResolverNames implements Names {
    private final NameResolver resolver;
    private final WorkPool pool;

    public ResolverNames(NameResolver resolver, WorkPool pool) {
        this.resolver = resolver;
        this.pool = pool;
    }

    @Override
    public void lookUp(String host, Asker asker) {
        boolean isTaken = resolver.resolve(host, pool, new NameResolver.Answer() {
            @Override
            public void onResolved(List<InetAddress> addresses) {
                asker.onAnswer(new Found(addresses));
            }

            @Override
            public void onFailed(IOException failure) {
                asker.onAnswer(new Failed(String.valueOf(failure.getMessage())));
            }
        });
        if (!isTaken) {
            asker.onAnswer(new Failed("too many look-ups are waiting"));
        }
    }
}
