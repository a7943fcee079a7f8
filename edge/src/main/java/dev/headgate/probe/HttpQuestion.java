package dev.headgate.probe;

import dev.headgate.balancer.health.CheckResult;
import dev.headgate.config.HealthConfig.HttpCheck;
import dev.headgate.config.RouteConfig.HeaderLine;
import dev.headgate.engine.Immutable;
import dev.headgate.http.Method;
import dev.headgate.http.RequestHead;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** A request that checks ask, written once, and what is made of its answer. */
@Immutable
final class HttpQuestion {
    private static final String USER_AGENT = "headgate-health";

    private final HttpCheck check;
    private final int method;
    private final String lines;
    private final byte[] text;
    private final byte @Nullable [] expected;

    HttpQuestion(HttpCheck check, String host) {
        this.check = check;
        StringBuilder written = new StringBuilder();
        written.append(check.method()).append(' ').append(check.target()).append(" HTTP/1.1\r\nHost: ");
        written.append(host).append("\r\n");
        if (check.headers().stream().noneMatch(line -> line.name().equals("user-agent"))) {
            written.append("User-Agent: ").append(USER_AGENT).append("\r\n");
        }
        for (HeaderLine line : check.headers()) {
            written.append(line.name()).append(": ").append(line.value()).append("\r\n");
        }
        this.lines = written.toString();
        this.text = (this.lines + "Connection: close\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1);
        this.expected = check.body()
                .map(wanted -> wanted.getBytes(StandardCharsets.UTF_8))
                .orElse(null);
        this.method = head().method();
    }

    /** By HTTP/1.1. Not to be changed. */
    byte[] text() {
        return text;
    }

    /** Its {@link Method} number. */
    int method() {
        return method;
    }

    /** As a head for HTTP/2, without what concerns a connection. */
    RequestHead head() {
        return WrittenHead.of((lines + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
    }

    /** What the status alone says; null when it is well and content is looked at. */
    @Nullable
    CheckResult judge(int status) {
        if (!check.isExpected(status)) {
            return CheckResult.STATUS;
        }
        return expected == null ? CheckResult.PASSED : null;
    }

    /** A fresh look at content; only where it is looked at. */
    ExpectedContent expectedContent() {
        assert expected != null;
        return new ExpectedContent(expected, check.bodyBytes());
    }
}
