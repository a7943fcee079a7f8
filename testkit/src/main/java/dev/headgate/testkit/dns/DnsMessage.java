package dev.headgate.testkit.dns;

import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A message of the domain name system, put together piece by piece, right or wrong. Names end at the root, with or without a dot. */
public final class DnsMessage {
    public static final int A = 1;
    public static final int CNAME = 5;
    public static final int SOA = 6;
    public static final int AAAA = 28;
    public static final int SRV = 33;
    public static final int OPT = 41;

    public static final int NO_SUCH_NAME = 3;
    public static final int SERVER_FAILURE = 2;
    public static final int REFUSED = 5;

    private static final int RESPONSE = 0x8000;
    private static final int RECURSION = 0x0180; // desired and available
    private static final int TRUNCATED = 0x0200;
    private static final int SECTIONS = 3;

    private final int id;
    private int flags = RESPONSE | RECURSION;
    private final List<Question> questions = new ArrayList<>();
    private final List<List<Piece>> sections = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    private boolean isCompressed = true;

    private record Question(String name, int type, int kind) {}

    private record Piece(String owner, int type, int kind, long ttl, Data data) {}

    /** Writes the content of a record. */
    private interface Data {
        void put(Writer out);
    }

    private DnsMessage(int id) {
        this.id = id;
    }

    /** An answer to {@code asked} without records. */
    public static DnsMessage answerTo(DnsAsked asked) {
        return answer(asked.id(), asked.name(), asked.type());
    }

    public static DnsMessage answer(int id, String name, int type) {
        return new DnsMessage(id).question(name, type);
    }

    /** A message without a question. */
    public static DnsMessage bare(int id) {
        return new DnsMessage(id);
    }

    public DnsMessage question(String name, int type) {
        questions.add(new Question(name, type, 1));
        return this;
    }

    public DnsMessage questionOfClass(String name, int type, int kind) {
        questions.add(new Question(name, type, kind));
        return this;
    }

    public DnsMessage code(int rcode) {
        flags = flags & ~0xF | rcode;
        return this;
    }

    /** Sets these bits of the flags. */
    public DnsMessage with(int bits) {
        flags |= bits;
        return this;
    }

    /** Clears them. */
    public DnsMessage without(int bits) {
        flags &= ~bits;
        return this;
    }

    public DnsMessage truncated() {
        return with(TRUNCATED);
    }

    /** Writes each name in full. */
    public DnsMessage uncompressed() {
        isCompressed = false;
        return this;
    }

    public DnsMessage a(String owner, long ttl, String... addresses) {
        return addresses(owner, A, ttl, addresses);
    }

    public DnsMessage aaaa(String owner, long ttl, String... addresses) {
        return addresses(owner, AAAA, ttl, addresses);
    }

    private DnsMessage addresses(String owner, int type, long ttl, String... addresses) {
        for (String address : addresses) {
            record(0, owner, type, 1, ttl, InetAddress.ofLiteral(address).getAddress());
        }
        return this;
    }

    public DnsMessage cname(String owner, long ttl, String target) {
        return add(0, owner, CNAME, ttl, out -> out.name(target));
    }

    public DnsMessage srv(String owner, long ttl, int priority, int weight, int port, String target) {
        return add(0, owner, SRV, ttl, out -> {
            out.u16(priority);
            out.u16(weight);
            out.u16(port);
            out.plainName(target);
        });
    }

    /** What a zone says of absent names, among what speaks for the answer. */
    public DnsMessage soa(String zone, long ttl, long minimum) {
        return add(1, zone, SOA, ttl, out -> {
            out.name("ns." + zone);
            out.name("admin." + zone);
            for (long number : new long[] {1, 7200, 3600, 86_400, minimum}) {
                out.u32(number);
            }
        });
    }

    /** EDNS, with the upper bits of the code. */
    public DnsMessage options(int upperCode) {
        return record(2, "", OPT, 1232, (long) upperCode << 24, new byte[0]);
    }

    /** Any record. */
    public DnsMessage record(int section, String owner, int type, int kind, long ttl, byte[] data) {
        sections.get(section).add(new Piece(owner, type, kind, ttl, out -> out.bytes.writeBytes(data)));
        return this;
    }

    private DnsMessage add(int section, String owner, int type, long ttl, Data data) {
        sections.get(section).add(new Piece(owner, type, 1, ttl, data));
        return this;
    }

    public byte[] bytes() {
        var out = new Writer(isCompressed);
        out.u16(id);
        out.u16(flags);
        out.u16(questions.size());
        for (int i = 0; i < SECTIONS; i++) {
            out.u16(sections.get(i).size());
        }
        for (Question question : questions) {
            out.name(question.name);
            out.u16(question.type);
            out.u16(question.kind);
        }
        for (List<Piece> section : sections) {
            for (Piece piece : section) {
                out.name(piece.owner);
                out.u16(piece.type);
                out.u16(piece.kind);
                out.u32(piece.ttl);
                out.sized(piece.data);
            }
        }
        return out.bytes.toByteArray();
    }

    /** As it goes over TCP, behind its length. */
    public static byte[] framed(byte[] message) {
        var out = new ByteArrayOutputStream();
        out.write(message.length >>> 8);
        out.write(message.length);
        out.writeBytes(message);
        return out.toByteArray();
    }

    private static final class Writer {
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final boolean isCompressed;
        private final Map<String, Integer> places; // of what can be pointed at
        private final int offset;

        Writer(boolean isCompressed) {
            this(isCompressed, new HashMap<>(), 0);
        }

        private Writer(boolean isCompressed, Map<String, Integer> places, int offset) {
            this.isCompressed = isCompressed;
            this.places = places;
            this.offset = offset;
        }

        void u16(int value) {
            bytes.write(value >>> 8);
            bytes.write(value);
        }

        void u32(long value) {
            u16((int) (value >>> 16));
            u16((int) value);
        }

        void sized(Data data) {
            var content = new Writer(isCompressed, places, offset + bytes.size() + 2);
            data.put(content);
            u16(content.bytes.size());
            bytes.writeBytes(content.bytes.toByteArray());
        }

        void name(String text) {
            String rest = text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
            while (!rest.isEmpty()) {
                Integer place = isCompressed ? places.get(rest) : null;
                if (place != null) {
                    u16(0xC000 | place);
                    return;
                }
                int here = offset + bytes.size();
                if (here < 0x4000) {
                    places.putIfAbsent(rest, here);
                }
                int dot = rest.indexOf('.');
                label(dot < 0 ? rest : rest.substring(0, dot));
                rest = dot < 0 ? "" : rest.substring(dot + 1);
            }
            bytes.write(0);
        }

        void plainName(String text) {
            new Writer(false, new HashMap<>(), 0).copyName(text, bytes);
        }

        private void copyName(String text, ByteArrayOutputStream target) {
            name(text);
            target.writeBytes(bytes.toByteArray());
        }

        private void label(String label) {
            byte[] content = label.getBytes(StandardCharsets.ISO_8859_1);
            bytes.write(content.length);
            bytes.writeBytes(content);
        }
    }
}
