package dev.headgate.attack;

import dev.headgate.testkit.Wire;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Attacks and good requests, changed at random. Whatever they are: the connection ends, the origin sees nothing but
 * canonical requests, and the proxy is well afterwards.
 */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class Http1MutationIT {
    private static final int ROUNDS = 4000;
    private static final int BASE_BYTES_MAX = 2048;
    private static final byte[] TELLING = Wire.bytes("␍␊␀ ␉:;,0123456789abcdefABCDEF\"/?#%.\u0080\u00ff");

    @Test
    void changedRequestsDoNoHarm() {
        long seed = new Random().nextLong();
        var random = new Random(seed);
        var bases = bases();
        try (var range = new AttackRange()) {
            for (int i = 0; i < ROUNDS; i++) {
                byte[] sent = bases.get(random.nextInt(bases.size()));
                for (int changes = random.nextInt(4); changes >= 0; changes--) {
                    sent = change(sent, bases, random);
                }
                run(range, sent, "seed=" + seed + " round=" + i);
            }
        }
    }

    private static void run(AttackRange range, byte[] sent, String name) {
        try (var client = range.connect()) {
            if (client.trySend(sent)) {
                client.halfClose();
            }
            client.readToEndOrReset();
            range.assertWell();
        } catch (AssertionError e) {
            throw new AssertionError(name + " sent=\"" + Wire.script(sent) + "\": " + e.getMessage(), e);
        }
    }

    private static List<byte[]> bases() {
        var attacks = Stream.of(
                        Http1FramingAttackIT.h1_01_lengthThenTransferEncoding(),
                        Http1FramingAttackIT.h1_03_transferEncodingForms(),
                        Http1FramingAttackIT.h1_05_lengthForms(),
                        Http1FramingAttackIT.h1_10_chunkExtensions(),
                        Http1FramingAttackIT.h1_11_chunkDataTerminator(),
                        Http1FramingAttackIT.h1_12_trailers(),
                        Http1FramingAttackIT.h1_19_bodyWhereNoneIsUsual(),
                        Http1SyntaxAttackIT.h1_14_requestLine(),
                        Http1SyntaxAttackIT.h1_15_targetForms(),
                        Http1HeaderAttackIT.h1_23_upgradeToHttp2(),
                        Http1HeaderAttackIT.h1_25_connectionOptions(),
                        ForwardingAttackIT.h1_26_forwardingFieldsFromAnyone())
                .flatMap(rows -> rows)
                .map(Attack::sent);
        var good = Stream.of(
                        "POST /x HTTP/1.1␍␊Host: a␍␊Expect: 100-continue␍␊Content-Length: 5␍␊␍␊hello",
                        "GET /a/../b?c=d HTTP/1.1␍␊Host: a.example:80␍␊Cookie: a=b; c=d␍␊TE: trailers␍␊␍␊".repeat(3),
                        "PUT /x HTTP/1.1␍␊Host: a␍␊Transfer-Encoding: chunked␍␊␍␊5;a=\"b\"␍␊hello␍␊0␍␊Sum: 1␍␊␍␊",
                        "HEAD http://a/x HTTP/1.1␍␊Host: a␍␊Connection: close, x␍␊X: y␍␊␍␊",
                        "GET / HTTP/1.0␍␊Connection: keep-alive␍␊␍␊")
                .map(Wire::bytes);
        return Stream.concat(attacks, good)
                .filter(bytes -> bytes.length <= BASE_BYTES_MAX)
                .toList();
    }

    private static byte[] change(byte[] bytes, List<byte[]> others, Random random) {
        if (bytes.length == 0) {
            return bytes;
        }
        int at = random.nextInt(bytes.length);
        int length = Math.min(random.nextInt(8) + 1, bytes.length - at);
        byte[] other = others.get(random.nextInt(others.size()));
        return switch (random.nextInt(7)) {
            case 0 -> replace(bytes, at, 1, new byte[] {(byte) random.nextInt(256)});
            case 1 -> replace(bytes, at, 1, new byte[] {TELLING[random.nextInt(TELLING.length)]});
            case 2 -> replace(bytes, at, 0, new byte[] {TELLING[random.nextInt(TELLING.length)]});
            case 3 -> replace(bytes, at, length, new byte[0]);
            case 4 -> replace(bytes, at, 0, Wire.bytes(Wire.script(bytes, at, length)));
            case 5 -> Wire.join(bytes, other);
            default ->
                replace(
                        bytes,
                        at,
                        bytes.length - at,
                        Wire.bytes(Wire.script(other, at % other.length, other.length - at % other.length)));
        };
    }

    private static byte[] replace(byte[] bytes, int at, int removed, byte[] inserted) {
        var changed = new ByteArrayOutputStream();
        changed.write(bytes, 0, at);
        changed.writeBytes(inserted);
        changed.write(bytes, at + removed, bytes.length - at - removed);
        return changed.toByteArray();
    }
}
