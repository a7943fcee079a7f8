package dev.headgate.e2e;

import dev.headgate.HeadgateOptions;
import dev.headgate.filter.Filter;
import dev.headgate.filter.FilterContext;
import dev.headgate.http.RequestHead;
import dev.headgate.testkit.peer.RawClient;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A proxy with two loops, and a client whose connection lives on the one, and one on the other. */
final class TwoLoops implements AutoCloseable {
    private static final int TRIES_MAX = 200;

    private final Where where = new Where();
    private final ProxyHarness proxy;
    private final List<RawClient> all = new ArrayList<>();
    private final RawClient first;
    private final RawClient second;

    /** Remembers which loop has served the last request. */
    private static final class Where implements Filter {
        volatile @Nullable String thread;

        @Override
        public void onRequestHead(FilterContext context, RequestHead head) {
            thread = Thread.currentThread().getName();
        }
    }

    TwoLoops(GatedOrigin origin, String upstream) {
        String yaml = ProxySetup.before(origin.address())
                .loops(2)
                .upstream(upstream)
                .route("{name: where, match: {path: /where}, respond: {status: 204}}")
                .route("{name: all, to: app}")
                .yaml();
        proxy = ProxyHarness.start(yaml, HeadgateOptions.defaults().withFilter("where", where));
        first = another(0);
        second = another(1);
    }

    /** The client on a loop. */
    RawClient client(int loop) {
        return loop == 0 ? first : second;
    }

    ProxyHarness proxy() {
        return proxy;
    }

    /** One more client on a loop: which one a connection comes to is up to the kernel, so there are some tries. */
    RawClient another(int loop) {
        for (int i = 0; i < TRIES_MAX; i++) {
            RawClient client = proxy.connect();
            client.send("GET /where HTTP/1.1␍␊Host: a␍␊␍␊").expectStatus(204);
            String thread = where.thread;
            if (thread != null && thread.endsWith("-" + loop)) {
                all.add(client);
                return client;
            }
            client.close();
        }
        throw new AssertionError("no connection comes to loop " + loop);
    }

    @Override
    public void close() {
        all.forEach(RawClient::close);
        proxy.close();
    }
}
