package dev.headgate.engine.io.nio;

import dev.headgate.engine.io.NameResolver;
import dev.headgate.engine.io.WorkPool;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** The JDK's resolver, which blocks. */
final class NioNameResolver implements NameResolver {
    @Override
    public boolean resolve(String host, WorkPool pool, Answer answer) {
        return pool.submit(() -> lookUp(host, answer));
    }

    private static void lookUp(String host, Answer answer) {
        List<InetAddress> addresses;
        try {
            addresses = List.of(InetAddress.getAllByName(host));
        } catch (UnknownHostException e) {
            answer.onFailed(e);
            return;
        }
        answer.onResolved(addresses);
    }
}
