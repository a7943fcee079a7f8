package dev.headgate.secure;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headgate.http.Http1Limits;
import dev.headgate.http.RequestHead;
import dev.headgate.http.h1.Decode;
import dev.headgate.http.h1.RequestHeadDecoder;
import dev.headgate.http.uri.TargetCanonicaliser;
import dev.headgate.http.uri.UriPolicy;
import dev.headgate.testkit.AllocationMeter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FineHostTest {
    private static final int CALLS = 200_000;

    @ParameterizedTest
    @CsvSource({
        "Host: a.test, Host: a.test, true",
        "Host: a.test, Host: A.TEST, true",
        "Host: a.test, Host: a.test:8443, true",
        "Host: a.test, Host: a.test., true",
        "Host: a.test, Host: b.test, false",
        "Host: a.test, Host: aa.test, false",
        "Host: a.test, X: a.test, false",
        "X: none, X: none, true",
    })
    void knowsItsHostInEachSpelling(String first, String next, boolean isSame) {
        assertEquals(isSame, FineHost.of(head(first)).isOf(head(next)));
    }

    @Test
    void comparesWithoutAllocation() {
        RequestHead head = head("Host: a.test");
        FineHost host = FineHost.of(head);
        assertEquals(CALLS, countFine(host, head));
        AllocationMeter meter = AllocationMeter.start(Thread.currentThread().threadId());
        assertEquals(CALLS, countFine(host, head));
        assertEquals(0, meter.bytes() / CALLS);
    }

    private static int countFine(FineHost host, RequestHead head) {
        int count = 0;
        for (int i = 0; i < CALLS; i++) {
            if (host.isOf(head)) count++;
        }
        return count;
    }

    private static RequestHead head(String line) {
        String text = "GET / HTTP/1.0\r\n" + line + "\r\n\r\n";
        RequestHead head = new RequestHead();
        ByteBuffer source = ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
        assertEquals(Decode.COMPLETE, new RequestHeadDecoder(Http1Limits.DEFAULTS).decode(source, head));
        head.retain(ByteBuffer.allocate(1024));
        UriPolicy policy = new UriPolicy(
                UriPolicy.Slashes.MERGE, UriPolicy.EscapedSeparators.REJECT, UriPolicy.EscapedControls.REJECT);
        assertEquals(null, TargetCanonicaliser.canonicalise(head, policy));
        return head;
    }
}
