package dev.headgate.http.hpack;

/** Takes fields as they are decoded. */
public interface HpackSink {
    /** The name is not a token in lower case, nor a pseudo-header field's (RFC 9113 §8.2.1). */
    int NAME_INVALID = 1;
    /** The value has a control byte in it, or a blank at an end (RFC 9113 §8.2.1). */
    int VALUE_INVALID = 2;
    /** It came as a literal that no hop may put into a table (RFC 7541 §6.2.3). */
    int NEVER_INDEXED = 4;
    /** The name has an underscore in it. */
    int NAME_UNDERSCORE = 8;

    /**
     * Takes the field that lies in the store as name, colon, space, value, CRLF.
     *
     * @param id see {@link HpackName}
     * @param flags a sum of the constants
     * @param offset index of the name's first byte in the store
     * @return where the next field is to be decoded to: behind this one, or anywhere before when not all of it is kept
     */
    int onField(int id, int flags, int offset, int nameLength, int valueLength);
}
