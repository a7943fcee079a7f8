package dev.headgate.fuzz.targets;

import dev.headgate.fuzz.oracle.PlainDns;
import dev.headgate.resolve.DnsName;
import dev.headgate.resolve.DnsQuery;
import dev.headgate.resolve.DnsResponse;
import dev.headgate.resolve.DnsType;
import dev.headgate.resolve.DnsViolation;
import dev.headgate.resolve.ResponseDecoder;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The input is a message that comes as an answer: to a query that is always the same, and to the one that it repeats itself. */
final class DnsResponseTarget {
    private static final int ID = 0x1234;
    private static final List<String> NAME = List.of("www", "example", "com");
    private static final int[] ANSWERS_MAX = {64, 2};
    private static final Pattern PLAIN = Pattern.compile("[!-\\-/-~]+"); // without the dot
    private static final byte[] MAPPED = HexFormat.of().parseHex("00000000000000000000ffff");

    private DnsResponseTarget() {}

    public static void fuzzerTestOneInput(byte[] input) {
        List<String> repeated = PlainDns.question(input);
        boolean isPlain = repeated != null
                && !repeated.isEmpty()
                && repeated.stream().allMatch(label -> PLAIN.matcher(label).matches());
        int id = input.length < 2 ? ID : ByteBuffer.wrap(input).getShort(0) & 0xFFFF;
        for (DnsType type : DnsType.values()) {
            judge(input, ID, NAME, type);
            if (isPlain) {
                judge(input, id, repeated, type);
            }
        }
    }

    private static void judge(byte[] input, int id, @Nullable List<String> labels, DnsType type) {
        List<String> name = Objects.requireNonNull(labels);
        DnsName asked = Objects.requireNonNull(DnsName.ofText(String.join(".", name)), () -> "no name: " + name);
        var query = new DnsQuery(id, asked, type);
        for (int answersMax : ANSWERS_MAX) {
            ByteBuffer message = Cuts.present(input, 0, input.length);
            int position = message.position();
            DnsResponse response = ResponseDecoder.decode(message, query, answersMax);
            Laws.same(position, message.position(), "consumed");
            Laws.same(input.length, message.remaining(), "limit moved");
            Laws.check(
                    response.addresses().size() + response.services().size() <= answersMax,
                    () -> "too many: " + response);
            Laws.same(response.kind() == DnsResponse.Kind.MALFORMED, response.violation() != null, "violation");
            if (response.violation() != DnsViolation.WORK) { // The plain reader works as long as it takes.
                Laws.same(
                        PlainDns.read(input, id, name, type.code(), answersMax), text(response, type), "what it says");
            }
        }
        Laws.keepsLittle(input.length, () -> ResponseDecoder.decode(ByteBuffer.wrap(input), query, ANSWERS_MAX[0]));
    }

    private static String text(DnsResponse response, DnsType type) {
        String time = response.ttlSeconds() == DnsResponse.UNKNOWN ? "" : " for " + response.ttlSeconds();
        if (response.kind() != DnsResponse.Kind.ANSWER) {
            return response.kind() + time;
        }
        List<String> records = type == DnsType.SRV
                ? response.services().stream().map(DnsResponseTarget::service).toList()
                : response.addresses().stream()
                        .map(address -> HexFormat.of().formatHex(bytes(address, type)))
                        .toList();
        return "ANSWER " + records + time;
    }

    private static String service(DnsResponse.Service service) {
        return service.priority() + " " + service.weight() + " " + service.port() + " "
                + service.target().labels();
    }

    /** The JDK makes an IPv4 address of one that stands for it. */
    private static byte[] bytes(InetAddress address, DnsType type) {
        byte[] bytes = address.getAddress();
        if (type != DnsType.AAAA || !(address instanceof Inet4Address)) {
            return bytes;
        }
        byte[] mapped = Arrays.copyOf(MAPPED, MAPPED.length + bytes.length);
        System.arraycopy(bytes, 0, mapped, MAPPED.length, bytes.length);
        return mapped;
    }
}
