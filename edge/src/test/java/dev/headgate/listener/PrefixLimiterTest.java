package dev.headgate.listener;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.forward.PeerAddress;
import dev.headgate.testkit.Await;
import dev.headgate.testkit.ThreatRow;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PrefixLimiterTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 100})
    void prefixHasUpToItsShare(int limit) {
        PrefixLimiter limiter = new PrefixLimiter(limit, 32, 64);
        PeerAddress client = ip("192.0.2.1");
        for (int i = 0; i < limit; i++) {
            assertTrue(limiter.tryOpen(client), "connection " + i);
        }
        assertFalse(limiter.tryOpen(client));
        limiter.closed(client);
        assertTrue(limiter.tryOpen(client));
        assertFalse(limiter.tryOpen(client));
    }

    @Test
    void refusedConnectionCountsForNothing() {
        PrefixLimiter limiter = new PrefixLimiter(1, 32, 64);
        limiter.tryOpen(ip("192.0.2.1"));
        limiter.tryOpen(ip("192.0.2.1"));
        limiter.closed(ip("192.0.2.1"));
        assertEquals(0, limiter.prefixCount());
    }

    @ThreatRow("DOS-07")
    @ParameterizedTest
    @CsvSource({
        "32, 64, 192.0.2.1, 192.0.2.1, true",
        "32, 64, 192.0.2.1, 192.0.2.2, false",
        "24, 64, 192.0.2.1, 192.0.2.255, true",
        "24, 64, 192.0.2.1, 192.0.3.1, false",
        "31, 64, 192.0.2.2, 192.0.2.3, true",
        "31, 64, 192.0.2.1, 192.0.2.2, false",
        "8, 64, 10.0.0.1, 10.255.255.255, true",
        "8, 64, 10.0.0.1, 11.0.0.1, false",
        "32, 64, 2001:db8::1, 2001:db8::ffff:ffff:ffff:ffff, true",
        "32, 64, 2001:db8::1, 2001:db8:0:1::1, false",
        "32, 63, 2001:db8::1, 2001:db8:0:1::1, true",
        "32, 65, 2001:db8::1, 2001:db8:0:0:8000::1, false",
        "32, 128, 2001:db8::1, 2001:db8::2, false",
        "32, 128, 2001:db8::1, 2001:db8::1, true",
        "32, 16, 2001:db8::1, 2001:ffff::1, true",
        "32, 16, 2001::1, 2002::1, false",
        "32, 64, 192.0.2.1, ::ffff:192.0.2.1, true",
        "32, 64, 0.0.0.0, ::, false",
    })
    void dos_07_clientsOfOnePrefixShare(int ipv4Bits, int ipv6Bits, String first, String second, boolean together) {
        PrefixLimiter limiter = new PrefixLimiter(1, ipv4Bits, ipv6Bits);
        assertTrue(limiter.tryOpen(ip(first)));
        assertEquals(!together, limiter.tryOpen(ip(second)));
        assertEquals(together ? 1 : 2, limiter.prefixCount());
    }

    @Test
    void closingMoreThanWasOpenedLeavesNothingBehind() {
        PrefixLimiter limiter = new PrefixLimiter(2, 32, 64);
        limiter.closed(ip("192.0.2.1"));
        assertEquals(0, limiter.prefixCount());
        assertTrue(limiter.tryOpen(ip("192.0.2.1")));
        assertTrue(limiter.tryOpen(ip("192.0.2.1")));
        assertFalse(limiter.tryOpen(ip("192.0.2.1")));
    }

    @Test
    void loopsAtOnceNeverExceedTheLimitAndLeaveTheTableEmpty() throws InterruptedException {
        int limit = 3;
        PrefixLimiter limiter = new PrefixLimiter(limit, 32, 64);
        PeerAddress client = ip("192.0.2.1");
        AtomicInteger open = new AtomicInteger();
        AtomicInteger mostOpen = new AtomicInteger();
        int threads = 8;
        CountDownLatch done = new CountDownLatch(threads);
        for (int t = 0; t < threads; t++) {
            Thread.ofPlatform().start(() -> {
                for (int i = 0; i < 20_000; i++) {
                    if (limiter.tryOpen(client)) {
                        mostOpen.accumulateAndGet(open.incrementAndGet(), Math::max);
                        open.decrementAndGet();
                        limiter.closed(client);
                    }
                }
                done.countDown();
            });
        }
        Await.open("all threads are done", done);
        assertTrue(mostOpen.get() >= 1 && mostOpen.get() <= limit, () -> "most open at once: " + mostOpen);
        assertEquals(0, limiter.prefixCount());
    }

    private static PeerAddress ip(String literal) {
        try {
            return PeerAddress.of(InetAddress.getByName(literal));
        } catch (UnknownHostException e) {
            throw new AssertionError(literal, e);
        }
    }
}
