package dev.headgate.resolve;

import dev.headgate.engine.Immutable;
import java.nio.ByteBuffer;

/**
 * One question, and the number by which its answer is known (RFC 1035 §4.1).
 *
 * @param id 0 to 65,535, not to be foreseen by those who are not asked
 */
@Immutable
public record DnsQuery(int id, DnsName name, DnsType type) {
    /** Room for any query. */
    static final int BYTES_MAX = DnsHeader.BYTES + DnsName.BYTES_MAX + 4 + 11;

    /** The longest answer that is asked for over UDP: longer ones would be cut into fragments on some ways, of which some get lost. */
    static final int ANSWER_BYTES = 1232;

    /** What the asker understands beyond RFC 1035. */
    enum Extension {
        /** Nothing: answers over UDP have 512 bytes. */
        NONE,
        /** EDNS(0), for answers of {@value DnsQuery#ANSWER_BYTES} bytes (RFC 6891). */
        EDNS
    }

    /** Writes the message, which asks for recursion. */
    void encode(ByteBuffer target, Extension extension) {
        boolean hasOptions = extension == Extension.EDNS;
        target.putShort((short) id);
        target.putShort((short) DnsHeader.RECURSION_DESIRED);
        target.putShort((short) 1); // questions
        target.putShort((short) 0);
        target.putShort((short) 0);
        target.putShort((short) (hasOptions ? 1 : 0));
        name.put(target);
        target.putShort((short) type.code());
        target.putShort((short) DnsType.CLASS_IN);
        if (hasOptions) {
            target.put((byte) 0); // the root
            target.putShort((short) DnsType.OPT);
            target.putShort((short) ANSWER_BYTES);
            target.putInt(0); // extended code, version, flags
            target.putShort((short) 0); // no options
        }
    }
}
