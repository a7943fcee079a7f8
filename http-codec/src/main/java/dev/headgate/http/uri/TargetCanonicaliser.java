package dev.headgate.http.uri;

import dev.headgate.http.FieldSection;
import dev.headgate.http.FieldSyntax;
import dev.headgate.http.Method;
import dev.headgate.http.RequestHead;
import dev.headgate.http.TargetForm;
import dev.headgate.http.Violation;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Gives a request's target and host their one canonical form (RFC 3986 §6.2.2), so that routing, access rules, logs and
 * the origin see the same resource. What two readers could take for two resources is refused instead of guessed at.
 *
 * <p>Doing it twice changes nothing; a request that was encoded from a canonical head is canonical when decoded.
 */
public final class TargetCanonicaliser {
    private static final int ESCAPE_BYTES = 3; // A byte that has to be escaped becomes three.
    private static final int SHORT_PATH_BYTES = 256;

    private TargetCanonicaliser() {}

    /**
     * The most room in the store that {@link #canonicalise} takes. Long paths are looked at for that: most need none, and what is set aside is
     * held for as long as the head.
     */
    public static int roomMax(RequestHead head) {
        int length = head.pathLength();
        int from = head.pathOffset();
        int pathBytes =
                length <= SHORT_PATH_BYTES ? ESCAPE_BYTES * length : longPathBytes(head.bytes(), from, from + length);
        return Math.max(1, pathBytes) + head.authorityLength();
    }

    /** How much longer a path becomes by being made canonical, if it is long and more than a little. */
    public static int growthMax(RequestHead head) {
        int length = head.pathLength();
        int from = head.pathOffset();
        return length <= SHORT_PATH_BYTES
                ? 0
                : PathNormaliser.writtenBytesMax(head.bytes(), from, from + length) - length;
    }

    private static int longPathBytes(ByteBuffer bytes, int from, int end) {
        return PathNormaliser.isNormal(bytes, from, end) ? 0 : PathNormaliser.writtenBytesMax(bytes, from, end);
    }

    /**
     * Makes path and host canonical. A path that is already so, as nearly all are, is only looked at; any other is written
     * anew into the store, which takes room for up to three times its length. The query stays as it is, byte for byte: it is data that
     * nobody routes by, and what its escapes mean is between client and origin.
     *
     * @param head decoded and retained
     * @return what is wrong with the target, or null; after a fault the head is not to be used
     */
    public static @Nullable Violation canonicalise(RequestHead head, UriPolicy policy) {
        Violation ofPath = path(head, policy);
        if (ofPath != null) {
            return ofPath;
        }
        if (!isVisible(head.bytes(), head.queryOffset(), head.queryLength())) {
            return Violation.QUERY_INVALID;
        }
        return head.hostLength() > 0 ? host(head) : null;
    }

    private static @Nullable Violation path(RequestHead head, UriPolicy policy) {
        if (head.targetForm() == TargetForm.ASTERISK) {
            return null;
        }
        if (head.pathLength() == 0) {
            return emptyPath(head);
        }
        ByteBuffer bytes = head.bytes();
        int end = head.pathOffset() + head.pathLength();
        if (PathNormaliser.isNormal(bytes, head.pathOffset(), end)) {
            return null;
        }
        FieldSection fields = head.fields();
        int start = fields.appendOffset();
        int written = PathNormaliser.normalise(bytes, head.pathOffset(), end, start, policy);
        if (written < 0) {
            return PathNormaliser.violation(written);
        }
        head.reserve(written - start);
        head.path(start, written - start);
        return null;
    }

    /** An absolute-form target without a path means the root, or for OPTIONS the server as a whole (RFC 9112 §3.2.4). */
    private static @Nullable Violation emptyPath(RequestHead head) {
        int at = head.reserve(1);
        if (at < 0) {
            return Violation.PATH_TOO_LONG;
        }
        boolean wholeServer = head.method() == Method.OPTIONS && head.queryLength() < 0;
        head.bytes().put(at, (byte) (wholeServer ? '*' : '/'));
        head.path(at, 1);
        if (wholeServer) {
            head.targetForm(TargetForm.ASTERISK);
        }
        return null;
    }

    /** Lower-cases in the store, which is ours, and drops the dot of a fully qualified name (RFC 9110 §4.2.3). */
    private static @Nullable Violation host(RequestHead head) {
        ByteBuffer bytes = head.bytes();
        int offset = head.hostOffset();
        int last = offset + head.hostLength() - 1;
        for (int i = offset; i <= last; i++) {
            byte b = bytes.get(i);
            byte lower = FieldSyntax.lower(b);
            if (b != lower) {
                bytes.put(i, lower);
            }
        }
        return bytes.get(last) == '.' ? withoutLastDot(head) : null;
    }

    private static @Nullable Violation withoutLastDot(RequestHead head) {
        ByteBuffer bytes = head.bytes();
        int hostLength = head.hostLength() - 1;
        int portLength = head.authorityLength() - head.hostLength();
        if (portLength == 0) {
            head.host(head.hostOffset(), hostLength, head.port());
            head.authority(head.authorityOffset(), hostLength);
            return null;
        }
        int at = head.reserve(hostLength + portLength);
        if (at < 0) {
            return Violation.PATH_TOO_LONG;
        }
        bytes.put(at, bytes, head.hostOffset(), hostLength);
        bytes.put(at + hostLength, bytes, head.hostOffset() + hostLength + 1, portLength);
        head.host(at, hostLength, head.port());
        head.authority(at, hostLength + portLength);
        return null;
    }

    private static boolean isVisible(ByteBuffer bytes, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            byte b = bytes.get(i);
            if (b <= ' ' || b == 0x7F || b == '#') {
                return false;
            }
        }
        return true;
    }
}
