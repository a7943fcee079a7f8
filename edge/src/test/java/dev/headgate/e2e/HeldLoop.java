package dev.headgate.e2e;

import dev.headgate.filter.Filter;
import dev.headgate.filter.FilterContext;
import dev.headgate.http.RequestHead;
import dev.headgate.testkit.Await;
import java.util.concurrent.CountDownLatch;

/**
 * Keeps a loop busy with one request, so that all that happens meanwhile comes in one cycle. The filter of a route; what is sent there is held
 * until {@link #release}.
 */
public final class HeldLoop implements Filter {
    private final CountDownLatch held = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);

    @Override
    public void onRequestHead(FilterContext context, RequestHead head) {
        held.countDown();
        Await.open("the loop may go on", released);
    }

    /** Returns once the loop is held. */
    public void awaitHeld() {
        Await.open("the loop is held", held);
    }

    public void release() {
        released.countDown();
    }
}
