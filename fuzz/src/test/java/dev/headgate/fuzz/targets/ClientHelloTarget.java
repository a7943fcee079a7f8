package dev.headgate.fuzz.targets;

import dev.headgate.fuzz.oracle.HelloModel;
import dev.headgate.fuzz.oracle.PlainHello;
import dev.headgate.fuzz.oracle.Verdict;
import dev.headgate.fuzz.oracle.Verdict.Accepted;
import dev.headgate.tls.hello.ClientHello;
import dev.headgate.tls.hello.ClientHelloReader;
import dev.headgate.tls.hello.CodeList;
import dev.headgate.tls.hello.HelloLimits;
import dev.headgate.tls.hello.HelloOutcome;
import dev.headgate.tls.hello.HelloScan;
import dev.headgate.tls.hello.HelloViolation;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The input is what a client sends first, and again the hello itself, which then comes in records of two lengths. */
final class ClientHelloTarget {
    private static final HelloLimits TIGHT = new HelloLimits(300, 4, 340, 16, 2);
    private static final List<HelloLimits> ALL_LIMITS = List.of(HelloLimits.DEFAULTS, TIGHT);
    private static final int[] RECORD_BYTES = {1 << 14, 100};

    /** A scan and a buffer; the reader itself is made once. */
    private static final int ALLOCATED_BYTES_MAX = 4096;

    private static final Pattern METHOD = Pattern.compile("[A-Z-]{1,32} ");

    private ClientHelloTarget() {}

    /**
     * What came of the bytes.
     *
     * @param violation set of what was refused only
     * @param model of a whole hello only
     */
    private record Outcome(
            HelloOutcome outcome,
            @Nullable HelloViolation violation,
            @Nullable HelloModel model) {}

    public static void fuzzerTestOneInput(byte[] input) {
        for (HelloLimits limits : ALL_LIMITS) {
            judge(input, limits);
            for (int recordBytes : RECORD_BYTES) {
                judge(wire(input, recordBytes), limits);
            }
        }
    }

    private static void judge(byte[] wire, HelloLimits limits) {
        var reader = new ClientHelloReader(limits);
        Outcome first = null;
        for (int[] cuts : Cuts.of(wire)) {
            Outcome outcome = read(reader, wire, cuts);
            if (first == null) {
                first = outcome;
                checkAgainstPlain(first, PlainHello.read(wire, limits));
                checkPlainText(first, wire);
            }
            Laws.same(first, outcome, "depends on how it was cut");
        }
        Laws.allocatesAtMost(ALLOCATED_BYTES_MAX, () -> reader.read(ByteBuffer.wrap(wire), new HelloScan()));
    }

    private static Outcome read(ClientHelloReader reader, byte[] wire, int[] cuts) {
        var scan = new HelloScan();
        HelloOutcome outcome = HelloOutcome.NEED_MORE;
        HelloModel model = null;
        for (int there : cuts) {
            ByteBuffer source = Cuts.present(wire, 0, there);
            int position = source.position();
            HelloOutcome before = outcome;
            outcome = reader.read(source, scan);
            Laws.same(position, source.position(), "consumed");
            Laws.same(there, source.remaining(), "limit moved");
            if (before != HelloOutcome.NEED_MORE) {
                Laws.same(before, outcome, "changed its mind");
            } else if (outcome == HelloOutcome.COMPLETE) {
                model = model(reader.hello());
            }
        }
        Laws.same(outcome == HelloOutcome.REFUSED, scan.violation() != null, "violation");
        return new Outcome(outcome, scan.violation(), model);
    }

    private static HelloModel model(ClientHello hello) {
        String name = hello.serverNameIsAddress()
                ? "(address)"
                : text(hello, hello.serverNameOffset(), hello.serverNameLength());
        List<String> protocols = IntStream.range(0, hello.protocolCount())
                .mapToObj(i -> text(hello, hello.protocolOffset(i), hello.protocolLength(i)))
                .toList();
        List<List<Integer>> lists = Stream.of(
                        hello.versions(),
                        hello.cipherSuites(),
                        hello.groups(),
                        hello.signatureSchemes(),
                        hello.certificateSignatureSchemes())
                .map(ClientHelloTarget::codes)
                .toList();
        return new HelloModel(
                hello.legacyVersion(),
                name,
                protocols,
                lists,
                hello.offersEarlyData(),
                hello.offersPreSharedKey(),
                hello.sessionTicketLength());
    }

    private static String text(ClientHello hello, int offset, int length) {
        return new String(hello.bytes(), offset, length, StandardCharsets.ISO_8859_1);
    }

    private static List<Integer> codes(CodeList list) {
        List<Integer> codes = new ArrayList<>();
        for (int i = 0; i < list.count(); i++) {
            codes.add(list.at(i));
        }
        return codes;
    }

    private static void checkAgainstPlain(Outcome outcome, Verdict<HelloModel> verdict) {
        switch (verdict) {
            case Verdict.Unfinished<HelloModel> unfinished ->
                Laws.check(outcome.model() == null, () -> "whole, yet its end is not there: " + outcome);
            case Verdict.Refused<HelloModel> refused ->
                Laws.check(
                        outcome.outcome() == HelloOutcome.REFUSED || outcome.outcome() == HelloOutcome.NOT_TLS,
                        () -> refused + ", but saw " + outcome);
            case Accepted<HelloModel>(HelloModel model, int length) ->
                Laws.same(new Outcome(HelloOutcome.COMPLETE, null, model), outcome, "what the bytes say");
        }
    }

    /** Plain HTTP on a TLS port is told from everything else. */
    private static void checkPlainText(Outcome outcome, byte[] wire) {
        boolean isHttp =
                METHOD.matcher(new String(wire, StandardCharsets.ISO_8859_1)).lookingAt();
        Laws.same(isHttp, outcome.outcome() == HelloOutcome.PLAIN_HTTP, "plain HTTP");
    }

    /** The handshake message with this body, in records. */
    private static byte[] wire(byte[] body, int recordBytes) {
        var message = new ByteArrayOutputStream();
        message.writeBytes(new byte[] {1, (byte) (body.length >>> 16), (byte) (body.length >>> 8), (byte) body.length});
        message.writeBytes(body);
        var wire = new ByteArrayOutputStream();
        for (int at = 0; at < message.size(); at += recordBytes) {
            int length = Math.min(recordBytes, message.size() - at);
            wire.writeBytes(new byte[] {22, 3, 1, (byte) (length >>> 8), (byte) length});
            wire.write(message.toByteArray(), at, length);
        }
        return wire.toByteArray();
    }
}
