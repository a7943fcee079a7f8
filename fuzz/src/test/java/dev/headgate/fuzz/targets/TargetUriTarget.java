package dev.headgate.fuzz.targets;

import dev.headgate.fuzz.oracle.PlainPath;
import dev.headgate.fuzz.oracle.RequestModel;
import dev.headgate.http.BodyKind;
import dev.headgate.http.Http1Limits;
import dev.headgate.http.Persistence;
import dev.headgate.http.RequestHead;
import dev.headgate.http.Violation;
import dev.headgate.http.h1.Decode;
import dev.headgate.http.h1.RequestEncoder;
import dev.headgate.http.h1.RequestHeadDecoder;
import dev.headgate.http.uri.TargetCanonicaliser;
import dev.headgate.http.uri.UriPolicy;
import dev.headgate.http.uri.UriPolicy.EscapedControls;
import dev.headgate.http.uri.UriPolicy.EscapedSeparators;
import dev.headgate.http.uri.UriPolicy.Slashes;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The input is a request target, as it stands in the request line. */
final class TargetUriTarget {
    private static final List<UriPolicy> POLICIES = List.of(
            UriPolicy.DEFAULTS,
            new UriPolicy(Slashes.KEEP, EscapedSeparators.REJECT, EscapedControls.REJECT),
            new UriPolicy(Slashes.MERGE, EscapedSeparators.KEEP, EscapedControls.REJECT),
            new UriPolicy(Slashes.MERGE, EscapedSeparators.REJECT, EscapedControls.KEEP),
            new UriPolicy(Slashes.KEEP, EscapedSeparators.KEEP, EscapedControls.KEEP));
    private static final String HOST = "Example.COM.:81";
    private static final int SLACK_BYTES = 64;

    private TargetUriTarget() {}

    public static void fuzzerTestOneInput(byte[] input) {
        String target = new String(input, StandardCharsets.ISO_8859_1);
        for (UriPolicy policy : POLICIES) {
            for (String method : new String[] {"GET", "OPTIONS"}) {
                judge(method, target, policy);
            }
        }
    }

    private static void judge(String method, String target, UriPolicy policy) {
        String text = method + " " + target + " HTTP/1.1\r\nHost: " + HOST + "\r\n\r\n";
        RequestHead head = decoded(text.getBytes(StandardCharsets.ISO_8859_1));
        if (head == null) {
            return;
        }
        RequestModel before = RequestModel.of(head);
        Violation violation = TargetCanonicaliser.canonicalise(head, policy);
        boolean isServer = before.path().isEmpty() && method.equals("OPTIONS") && before.query() == null;
        String path = before.path().isEmpty() ? isServer ? "*" : "/" : before.path();
        String canonical = path.startsWith("/") ? PlainPath.canonical(path, policy) : path;
        RequestModel after = RequestModel.of(head);
        Laws.same(canonical, violation == null ? after.path() : null, "canonical path of " + path);
        if (violation != null) {
            return;
        }
        Laws.same(before.query(), after.query(), "query");
        Laws.same("example.com:81", after.authority(), "authority");
        Laws.same("example.com", after.host(), "host");
        Laws.same(81, after.port(), "port");
        checkAgain(head, after, policy);
    }

    /** What goes upstream is canonical when it is read there. */
    private static void checkAgain(RequestHead head, RequestModel model, UriPolicy policy) {
        // With the fields that an input may smuggle in behind its target.
        ByteBuffer out = ByteBuffer.allocate(200
                + head.headLength()
                + model.path().length()
                + (model.query() == null ? 0 : model.query().length()));
        Laws.check(RequestEncoder.encode(out, head, null, BodyKind.NONE, -1, Persistence.PERSISTENT), () -> "no room");
        var written = new byte[out.flip().remaining()];
        out.get(written);
        RequestHead again = decoded(written);
        Laws.check(again != null, () -> "written, but refused");
        if (again != null) {
            Laws.same(model.path(), RequestModel.of(again).path(), "path when read again");
            Laws.same(null, TargetCanonicaliser.canonicalise(again, policy), "violation when read again");
            Laws.same(model.path(), RequestModel.of(again).path(), "canonical path when read again");
            Laws.same(model.query(), RequestModel.of(again).query(), "query when read again");
            Laws.same(model.authority(), RequestModel.of(again).authority(), "authority when read again");
        }
    }

    /** The head in a store with room, or null when it is refused or its target ends early. */
    private static @Nullable RequestHead decoded(byte[] message) {
        var head = new RequestHead();
        // Escaping makes a target longer than a client may send it.
        Http1Limits wide = Http1Limits.DEFAULTS.withLines(1 << 20, 16 << 10).withHead(2 << 20, 100);
        int answer = new RequestHeadDecoder(wide).decode(ByteBuffer.wrap(message), head);
        if (answer != Decode.COMPLETE || head.headLength() != message.length) {
            return null;
        }
        head.retain(ByteBuffer.allocate(head.headLength() + 3 * head.pathLength() + SLACK_BYTES));
        return head;
    }
}
