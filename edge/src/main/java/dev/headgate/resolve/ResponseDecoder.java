package dev.headgate.resolve;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads one message as the answer to one query (RFC 1035 §4). Nothing in it counts but what is about the name that was asked for, or about one that
 * it stands for by the message's own aliases. Whatever the bytes are, nothing is thrown, and what they cost is bounded.
 *
 * <p>Made for one message; keeps nothing of it.
 */
public final class ResponseDecoder {
    /** Most records of a message. */
    static final int RECORDS_MAX = 2048;

    /** Most names in a row that stand for another. */
    static final int ALIASES_MAX = 16;

    private static final int RCODE_FORMAT_ERROR = 1;
    private static final int RCODE_SERVER_FAILURE = 2;
    private static final int RCODE_NAME_ERROR = 3;
    private static final int RCODE_NOT_IMPLEMENTED = 4;
    private static final int RCODE_REFUSED = 5;
    private static final int RCODE_BAD_VERSION = 16;

    private static final int RECORD_FIXED_BYTES = 10; // type, class, time to live, length
    private static final int SERVICE_FIXED_BYTES = 6; // priority, weight, port
    private static final int SOA_FIXED_BYTES = 20; // five numbers
    private static final int INET4_BYTES = 4;
    private static final int INET6_BYTES = 16;

    private final ByteBuffer message;
    private final DnsQuery query;
    private final int answersMax;
    private final DomainNameReader names;
    private final List<Item> answers = new ArrayList<>();
    private @Nullable Item zone; // the first SOA among what speaks for the answer
    private int position;
    private int extendedRcode;
    private boolean hasOptions;

    /** A record; positions are those of the message. */
    private record Item(int owner, int type, long ttlSeconds, int data, int dataEnd) {}

    /** What a name stands for. */
    private record Alias(DnsName target, long ttlSeconds) {}

    private ResponseDecoder(ByteBuffer message, DnsQuery query, int answersMax) {
        this.message = message;
        this.query = query;
        this.answersMax = answersMax;
        this.names = new DomainNameReader(message);
        this.position = message.position();
    }

    /**
     * Reads {@code message}, which is lent, from its position to its limit; neither is changed.
     *
     * @param answersMax most addresses or services that are taken; what comes behind them is left out
     */
    public static DnsResponse decode(ByteBuffer message, DnsQuery query, int answersMax) {
        return new ResponseDecoder(message, query, answersMax).decode();
    }

    private DnsResponse decode() {
        if (message.remaining() < DnsHeader.BYTES
                || u16(position + DnsHeader.ID) != query.id()
                || (flags() & DnsHeader.IS_RESPONSE) == 0
                || (flags() & DnsHeader.OPCODE) != 0) {
            return DnsResponse.of(DnsResponse.Kind.FOREIGN);
        }
        int rcode = flags() & DnsHeader.RCODE;
        int begin = position;
        int questions = u16(begin + DnsHeader.QUESTIONS);
        position += DnsHeader.BYTES;
        if (questions == 0 && isRefusal(rcode)) {
            return judge(begin, rcode); // Who cannot or will not read a question does not repeat it.
        }
        if (questions != 1 || !readQuestion()) {
            return DnsResponse.of(DnsResponse.Kind.FOREIGN);
        }
        if ((u16(begin + DnsHeader.FLAGS) & DnsHeader.TRUNCATED) != 0) {
            return DnsResponse.of(DnsResponse.Kind.TRUNCATED); // What is there of it may be anything.
        }
        DnsViolation violation = readRecords(begin);
        return violation == null ? judge(begin, rcode | extendedRcode) : DnsResponse.malformed(violation);
    }

    private static boolean isRefusal(int rcode) {
        return rcode == RCODE_FORMAT_ERROR
                || rcode == RCODE_SERVER_FAILURE
                || rcode == RCODE_NOT_IMPLEMENTED
                || rcode == RCODE_REFUSED;
    }

    private int flags() {
        return u16(message.position() + DnsHeader.FLAGS);
    }

    private boolean readQuestion() {
        int behind = names.skip(position);
        if (behind < 0 || message.limit() - behind < 4) {
            return false;
        }
        boolean isOurs = names.last().equals(query.name())
                && u16(behind) == query.type().code()
                && u16(behind + 2) == DnsType.CLASS_IN;
        position = behind + 4;
        return isOurs;
    }

    // ---- records

    private @Nullable DnsViolation readRecords(int begin) {
        int answerCount = u16(begin + DnsHeader.ANSWERS);
        int authorityCount = u16(begin + DnsHeader.AUTHORITIES);
        int additionalCount = u16(begin + DnsHeader.ADDITIONALS);
        if (answerCount + authorityCount + additionalCount > RECORDS_MAX) {
            return DnsViolation.RECORDS;
        }
        for (int i = 0; i < answerCount + authorityCount + additionalCount; i++) {
            Item item = readRecord();
            if (item == null) {
                return Objects.requireNonNull(names.violation());
            }
            if (i < answerCount) {
                keepAnswer(item);
            } else if (item.type == DnsType.SOA && zone == null && i < answerCount + authorityCount) {
                zone = item;
            }
        }
        return names.violation();
    }

    /** Reads a record; one of another class, or whose content nobody wants, has a type of 0. */
    private @Nullable Item readRecord() {
        int owner = position;
        int fixed = names.skip(owner);
        if (fixed < 0) {
            return null;
        }
        if (message.limit() - fixed < RECORD_FIXED_BYTES) {
            names.refuse(DnsViolation.CUT);
            return null;
        }
        int type = u16(fixed);
        int data = fixed + RECORD_FIXED_BYTES;
        int dataLength = u16(fixed + 8);
        if (message.limit() - data < dataLength) {
            names.refuse(DnsViolation.CUT);
            return null;
        }
        position = data + dataLength;
        int number = message.getInt(fixed + 4);
        if (type == DnsType.OPT) {
            readOptions(number);
            return names.violation() == null ? new Item(owner, 0, 0, data, position) : null;
        }
        boolean isWanted = u16(fixed + 2) == DnsType.CLASS_IN;
        // A number with its highest bit set counts as 0 (RFC 2181 §8).
        return new Item(owner, isWanted ? type : 0, Math.max(0, number), data, position);
    }

    /** The highest byte extends the code of the header (RFC 6891 §6.1.3). */
    private void readOptions(int number) {
        if (hasOptions) {
            names.refuse(DnsViolation.SEVERAL_OPTIONS);
        }
        hasOptions = true;
        extendedRcode = number >>> 24 << 4;
    }

    private void keepAnswer(Item item) {
        int length = item.dataEnd - item.data;
        boolean isBroken = item.type == DnsType.A.code() && length != INET4_BYTES
                || item.type == DnsType.AAAA.code() && length != INET6_BYTES;
        if (isBroken) {
            names.refuse(DnsViolation.DATA_LENGTH);
        } else if (item.type == query.type().code() || item.type == DnsType.CNAME) {
            answers.add(item);
        }
    }

    // ---- what they say

    private DnsResponse judge(int begin, int rcode) {
        return switch (rcode) {
            case 0 -> follow(begin, DnsResponse.Kind.NO_DATA);
            case RCODE_NAME_ERROR -> follow(begin, DnsResponse.Kind.NO_SUCH_NAME);
            case RCODE_REFUSED -> DnsResponse.of(DnsResponse.Kind.REFUSED);
            case RCODE_FORMAT_ERROR, RCODE_NOT_IMPLEMENTED, RCODE_BAD_VERSION ->
                DnsResponse.of(DnsResponse.Kind.NOT_UNDERSTOOD);
            default -> DnsResponse.of(DnsResponse.Kind.SERVER_FAILURE);
        };
    }

    /** Goes from the name that was asked for from alias to alias, in whatever order the records come. */
    private DnsResponse follow(int begin, DnsResponse.Kind withoutAnswer) {
        DnsName name = query.name();
        long ttlSeconds = Long.MAX_VALUE;
        for (int aliases = 0; aliases <= ALIASES_MAX; aliases++) {
            DnsResponse answer = withoutAnswer == DnsResponse.Kind.NO_DATA ? answerAt(name, ttlSeconds) : null;
            if (answer != null) {
                return answer;
            }
            Alias alias = aliasAt(name);
            DnsViolation violation = names.violation();
            if (violation != null) {
                return DnsResponse.malformed(violation);
            }
            if (alias == null) {
                return absence(begin, withoutAnswer, name, ttlSeconds);
            }
            name = alias.target;
            ttlSeconds = Math.min(ttlSeconds, alias.ttlSeconds);
        }
        return DnsResponse.malformed(DnsViolation.ALIAS_CHAIN);
    }

    private @Nullable Alias aliasAt(DnsName name) {
        Alias found = null;
        for (Item item : answers) {
            boolean isAlias =
                    item.type == DnsType.CNAME && names.isAt(item.owner, name) && names.fills(item.data, item.dataEnd);
            if (!isAlias) {
                continue;
            }
            if (found == null) {
                found = new Alias(names.last(), item.ttlSeconds);
            } else if (!names.isAt(item.data, found.target)) {
                names.refuse(DnsViolation.SEVERAL_ALIASES);
            }
        }
        return found;
    }

    private @Nullable DnsResponse answerAt(DnsName name, long chainTtlSeconds) {
        long ttlSeconds = chainTtlSeconds;
        Set<InetAddress> addresses = new LinkedHashSet<>();
        Set<DnsResponse.Service> services = new LinkedHashSet<>();
        for (Item item : answers) {
            if (addresses.size() == answersMax || services.size() == answersMax) {
                break;
            }
            if (item.type != query.type().code() || !names.isAt(item.owner, name)) {
                continue;
            }
            ttlSeconds = Math.min(ttlSeconds, item.ttlSeconds);
            if (query.type() == DnsType.SRV) {
                addService(services, item);
            } else {
                addresses.add(address(item));
            }
        }
        DnsViolation violation = names.violation();
        if (violation != null) {
            return DnsResponse.malformed(violation);
        }
        return addresses.isEmpty() && services.isEmpty()
                ? null
                : new DnsResponse(
                        DnsResponse.Kind.ANSWER, List.copyOf(addresses), List.copyOf(services), ttlSeconds, null);
    }

    private InetAddress address(Item item) {
        byte[] bytes = new byte[item.dataEnd - item.data];
        message.get(item.data, bytes);
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("lengths are checked before", e);
        }
    }

    private void addService(Set<DnsResponse.Service> services, Item item) {
        if (item.dataEnd - item.data <= SERVICE_FIXED_BYTES) {
            names.refuse(DnsViolation.DATA_LENGTH);
        } else if (names.fills(item.data + SERVICE_FIXED_BYTES, item.dataEnd)) {
            // Not to be compressed by RFC 2782, and yet to be read where it is (RFC 3597 §4).
            services.add(new DnsResponse.Service(u16(item.data), u16(item.data + 2), u16(item.data + 4), names.last()));
        }
    }

    private DnsResponse absence(int begin, DnsResponse.Kind kind, DnsName name, long chainTtlSeconds) {
        long ttlSeconds = zone == null ? DnsResponse.UNKNOWN : zoneTtl(zone, name);
        DnsViolation violation = names.violation();
        if (violation != null) {
            return DnsResponse.malformed(violation);
        }
        int ours = DnsHeader.AUTHORITATIVE | DnsHeader.RECURSION_AVAILABLE;
        boolean isReferral = kind == DnsResponse.Kind.NO_DATA
                && ttlSeconds == DnsResponse.UNKNOWN
                && (u16(begin + DnsHeader.FLAGS) & ours) == 0;
        if (isReferral) {
            return DnsResponse.of(DnsResponse.Kind.SERVER_FAILURE); // "Ask somebody else", to those who cannot.
        }
        return DnsResponse.withTtl(
                kind, ttlSeconds == DnsResponse.UNKNOWN ? ttlSeconds : Math.min(ttlSeconds, chainTtlSeconds));
    }

    /** The lesser of the record's own time and its last field (RFC 2308 §5); unknown where it is none of {@code name}'s zones. */
    private long zoneTtl(Item soa, DnsName name) {
        names.skip(soa.owner);
        if (!name.isWithin(names.last())) {
            return DnsResponse.UNKNOWN;
        }
        int responsible = names.read(soa.data, soa.dataEnd);
        int numbers = responsible < 0 ? responsible : names.read(responsible, soa.dataEnd);
        if (numbers >= 0 && soa.dataEnd - numbers != SOA_FIXED_BYTES) {
            names.refuse(DnsViolation.DATA_LENGTH);
        }
        return names.violation() == null
                ? Math.min(soa.ttlSeconds, Math.max(0, message.getInt(soa.dataEnd - 4)))
                : DnsResponse.UNKNOWN;
    }

    private int u16(int at) {
        return message.getShort(at) & 0xFFFF;
    }
}
