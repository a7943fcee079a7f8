package dev.headgate.fuzz.oracle;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads an answer of the domain name system (RFC 1035 §4) from its text, by rereading it for every question. */
public final class PlainDns {
    private static final int A = 1;
    private static final int CNAME = 5;
    private static final int SOA = 6;
    private static final int AAAA = 28;
    private static final int SRV = 33;
    private static final int OPT = 41;
    private static final int RECORDS_MAX = 2048;
    private static final int ALIASES_MAX = 16;
    private static final int HEADER = 12;

    private final String text;
    private final int id;
    private final List<String> name;
    private final int type;
    private final int answersMax;

    /** A record, with its content as a place in the text. */
    private record Item(int section, List<String> owner, int type, int kind, long ttl, int begin, int end) {}

    private record Name(List<String> labels, int behind) {}

    /** A rule is broken. */
    private static final class Broken extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Broken() {
            super("broken", null, false, false);
        }
    }

    private PlainDns(byte[] message, int id, List<String> name, int type, int answersMax) {
        this.text = new String(message, StandardCharsets.ISO_8859_1);
        this.id = id;
        this.name = name;
        this.type = type;
        this.answersMax = answersMax;
    }

    /** What {@code message} says about the query: its kind, and for an answer its records and how long it holds. */
    public static String read(byte[] message, int id, List<String> name, int type, int answersMax) {
        return new PlainDns(message, id, name, type, answersMax).read();
    }

    /** The labels of the first question; null where there is none. */
    public static @Nullable List<String> question(byte[] message) {
        try {
            return new PlainDns(message, 0, List.of(), 0, 0).name(HEADER, message.length).labels;
        } catch (Broken e) {
            return null;
        }
    }

    private String read() {
        if (text.length() < HEADER || number(0, 2) != id) {
            return "FOREIGN";
        }
        int flags = (int) number(2, 2);
        int code = flags & 15;
        if (flags < 0x8000 || (flags >> 11 & 15) != 0) {
            return "FOREIGN";
        }
        if (number(4, 2) == 0 && (code == 1 || code == 2 || code == 4 || code == 5)) {
            return code == 2 ? "SERVER_FAILURE" : code == 5 ? "REFUSED" : "NOT_UNDERSTOOD";
        }
        int records;
        try {
            Name asked = name(HEADER, text.length());
            records = asked.behind + 4;
            if (number(4, 2) != 1
                    || !asked.labels.equals(name)
                    || number(asked.behind, 2) != type
                    || number(asked.behind + 2, 2) != 1) {
                return "FOREIGN";
            }
        } catch (Broken e) {
            return "FOREIGN";
        }
        if ((flags & 0x200) != 0) {
            return "TRUNCATED";
        }
        try {
            return judge(code, (flags & 0x480) != 0, items(records));
        } catch (Broken e) {
            return "MALFORMED";
        }
    }

    private List<Item> items(int begin) {
        long[] counts = {number(6, 2), number(8, 2), number(10, 2)};
        want(counts[0] + counts[1] + counts[2] <= RECORDS_MAX);
        List<Item> items = new ArrayList<>();
        int at = begin;
        for (int section = 0; section < counts.length; section++) {
            for (long i = 0; i < counts[section]; i++) {
                Name owner = name(at, text.length());
                int fixed = owner.behind;
                at = fixed + 10 + (int) number(fixed + 8, 2);
                want(at <= text.length());
                Item item = new Item(
                        section,
                        owner.labels,
                        (int) number(fixed, 2),
                        (int) number(fixed + 2, 2),
                        number(fixed + 4, 4),
                        fixed + 10,
                        at);
                items.add(item);
            }
        }
        want(items.stream().filter(item -> item.type == OPT).count() <= 1);
        for (Item item : items) {
            boolean counts4 = item.section == 0 && item.kind == 1;
            want(!(counts4 && item.type == A) || item.end - item.begin == 4);
            want(!(counts4 && item.type == AAAA) || item.end - item.begin == 16);
        }
        return items;
    }

    private String judge(int code, boolean isServed, List<Item> items) {
        long upper = items.stream()
                .filter(item -> item.type == OPT)
                .mapToLong(item -> item.ttl >> 24)
                .sum();
        int whole = (int) (upper << 4 | code);
        return switch (whole) {
            case 0 -> follow("NO_DATA", isServed, items);
            case 3 -> follow("NO_SUCH_NAME", true, items);
            case 5 -> "REFUSED";
            case 1, 4, 16 -> "NOT_UNDERSTOOD";
            default -> "SERVER_FAILURE";
        };
    }

    private String follow(String otherwise, boolean isServed, List<Item> items) {
        List<String> at = name;
        long ttl = Long.MAX_VALUE;
        for (int aliases = 0; aliases <= ALIASES_MAX; aliases++) {
            String answer = otherwise.equals("NO_DATA") ? answer(at, ttl, items) : null;
            if (answer != null) {
                return answer;
            }
            Set<List<String>> targets = new LinkedHashSet<>();
            long first = -1;
            for (Item item : items) {
                if (isAnswer(item, CNAME, at)) {
                    targets.add(whole(item.begin, item.end));
                    first = first < 0 ? time(item) : first;
                }
            }
            want(targets.size() <= 1);
            if (targets.isEmpty()) {
                return absence(otherwise, isServed, at, ttl, items);
            }
            at = targets.iterator().next();
            ttl = Math.min(ttl, first);
        }
        throw new Broken();
    }

    private @Nullable String answer(List<String> at, long chainTtl, List<Item> items) {
        Set<String> records = new LinkedHashSet<>();
        long ttl = chainTtl;
        for (Item item : items) {
            if (isAnswer(item, type, at) && records.size() < answersMax) {
                ttl = Math.min(ttl, time(item));
                records.add(type == SRV ? service(item) : hex(item.begin, item.end));
            }
        }
        return records.isEmpty() ? null : "ANSWER " + records + " for " + ttl;
    }

    private String service(Item item) {
        want(item.end - item.begin > 6);
        return number(item.begin, 2) + " " + number(item.begin + 2, 2) + " " + number(item.begin + 4, 2) + " "
                + whole(item.begin + 6, item.end);
    }

    private static boolean isAnswer(Item item, int type, List<String> at) {
        return item.section == 0 && item.kind == 1 && item.type == type && item.owner.equals(at);
    }

    private static long time(Item item) {
        return item.ttl >= 1L << 31 ? 0 : item.ttl;
    }

    private String absence(String kind, boolean isServed, List<String> at, long chainTtl, List<Item> items) {
        for (Item item : items) {
            if (item.section == 1 && item.kind == 1 && item.type == SOA) {
                int over = at.size() - item.owner.size();
                if (over < 0 || !at.subList(over, at.size()).equals(item.owner)) {
                    break;
                }
                int numbers = name(name(item.begin, item.end).behind, item.end).behind;
                want(item.end - numbers == 20);
                long least = number(item.end - 4, 4);
                return kind + " for " + Math.min(chainTtl, Math.min(time(item), least >= 1L << 31 ? 0 : least));
            }
        }
        return isServed ? kind : "SERVER_FAILURE";
    }

    private List<String> whole(int begin, int end) {
        Name read = name(begin, end);
        want(read.behind == end);
        return read.labels;
    }

    /** Labels, in lower case; a pointer may lead back only. */
    private Name name(int begin, int end) {
        List<String> labels = new ArrayList<>();
        int at = begin;
        int bound = end;
        int least = begin;
        int behind = -1;
        int length = 1;
        while (true) {
            want(at < bound);
            int first = text.charAt(at);
            if (first >= 0xC0) {
                want(at + 2 <= bound);
                behind = behind < 0 ? at + 2 : behind;
                at = (int) number(at, 2) - 0xC000;
                want(at >= HEADER && at < least);
                least = at;
                bound = text.length();
                continue;
            }
            want(first < 64 && at + 1 + first <= bound);
            if (first == 0) {
                return new Name(labels, behind < 0 ? at + 1 : behind);
            }
            length += first + 1;
            want(length <= 255 && at + 1 + first < bound);
            labels.add(text.substring(at + 1, at + 1 + first).toLowerCase(Locale.ROOT));
            at += 1 + first;
        }
    }

    private long number(int at, int bytes) {
        want(at + bytes <= text.length());
        long value = 0;
        for (int i = 0; i < bytes; i++) {
            value = value << 8 | text.charAt(at + i);
        }
        return value;
    }

    private String hex(int begin, int end) {
        var hex = new StringBuilder();
        for (int i = begin; i < end; i++) {
            hex.append("%02x".formatted((int) text.charAt(i)));
        }
        return hex.toString();
    }

    private static void want(boolean holds) {
        if (!holds) {
            throw new Broken();
        }
    }
}
