package dev.headgate.resolve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.headgate.resolve.DnsResponse.Kind;
import dev.headgate.testkit.dns.DnsMessage;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** What holds for all messages; {@code DnsResponseTarget} of fuzz holds any bytes against a plain reader. */
class ResponseDecoderProperties {
    private static final int HEADER_AND_QUESTION = 12 + 17 + 4;

    @Provide
    Arbitrary<String> names() {
        Arbitrary<String> label =
                Arbitraries.strings().withChars("abcXYZ019-_").ofMinLength(1).ofMaxLength(12);
        return label.list().ofMinSize(1).ofMaxSize(6).map(labels -> String.join(".", labels));
    }

    @Provide
    Arbitrary<String> addresses() {
        return Arbitraries.integers()
                .between(0, 255)
                .list()
                .ofSize(4)
                .map(bytes -> bytes.get(0) + "." + bytes.get(1) + "." + bytes.get(2) + "." + bytes.get(3));
    }

    record Answer(String address, long ttl) {}

    @Provide
    Arbitrary<Answer> answers() {
        return Combinators.combine(addresses(), Arbitraries.longs().between(0, Integer.MAX_VALUE))
                .as(Answer::new);
    }

    /** Whatever stands for what, and in which order the records come. */
    @Property(tries = 300)
    void whatIsWrittenIsRead(
            @ForAll("names") String name,
            @ForAll @IntRange(max = 0xFFFF) int id,
            @ForAll @IntRange(max = ResponseDecoder.ALIASES_MAX) int aliases,
            @ForAll("answerLists") List<Answer> answers,
            @ForAll boolean isCompressed) {
        DnsMessage message = DnsMessage.answer(id, name, DnsMessage.A);
        String at = name;
        for (int i = 0; i < aliases; i++) {
            message.cname(at, 1_000 + i, "alias" + i + "." + name);
            at = "alias" + i + "." + name;
        }
        for (Answer answer : answers) {
            message.a(at.toUpperCase(Locale.ROOT), answer.ttl, answer.address);
        }
        byte[] bytes = (isCompressed ? message : message.uncompressed()).bytes();
        DnsResponse response =
                ResponseDecoder.decode(ByteBuffer.wrap(bytes), new DnsQuery(id, DnsNameTest.name(name), DnsType.A), 64);
        long ttl = answers.stream().mapToLong(Answer::ttl).min().orElseThrow();
        assertEquals(Kind.ANSWER, response.kind());
        assertEquals(
                List.copyOf(new LinkedHashSet<>(answers.stream()
                        .map(answer -> InetAddress.ofLiteral(answer.address))
                        .toList())),
                response.addresses());
        assertEquals(aliases == 0 ? ttl : Math.min(ttl, 1_000), response.ttlSeconds());
    }

    @Provide
    Arbitrary<List<Answer>> answerLists() {
        return answers().list().ofMinSize(1).ofMaxSize(20);
    }

    /** Nothing that an answer's records can be makes the decoder throw, or take it for something else than an answer to the question. */
    @Property(tries = 1000)
    void anyBytesBehindTheQuestionAreAnswered(
            @ForAll @Size(max = 200) byte[] rest,
            @ForAll @IntRange(max = 3) int answers,
            @ForAll @IntRange(max = 15) int code) {
        ByteBuffer message = ByteBuffer.allocate(HEADER_AND_QUESTION + rest.length);
        message.put(
                DnsMessage.answer(7, "www.example.com", DnsMessage.A).code(code).bytes());
        message.put(rest);
        message.putShort(DnsHeader.ANSWERS, (short) answers);
        message.flip();
        var query = new DnsQuery(7, DnsNameTest.name("www.example.com"), DnsType.A);
        assertNotEquals(Kind.FOREIGN, ResponseDecoder.decode(message, query, 64).kind());
    }
}
