package dev.headgate.config;

import dev.headgate.config.source.ProblemCode;
import dev.headgate.config.spec.Refused;
import java.util.Locale;
import java.util.Set;

/** Checks of header fields in configuration (RFC 9110 §5.1, §5.5). */
final class Fields {
    static final int NAME_LENGTH_MAX = 256;
    static final int VALUE_LENGTH_MAX = 8192;

    private static final String TOKEN_MARKS = "!#$%&'*+-.^_`|~";

    /**
     * Fields that are derived from the message and its connection. A configuration that wrote them could produce invalid
     * messages; one that removed them would remove what the proxy writes itself.
     */
    private static final Set<String> DERIVED = Set.of(
            "connection",
            "content-length",
            "forwarded",
            "host",
            "http2-settings",
            "keep-alive",
            "proxy-connection",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
            "via",
            "x-forwarded-for",
            "x-forwarded-host",
            "x-forwarded-port",
            "x-forwarded-proto",
            "x-request-id");

    private Fields() {}

    /** A field name that configuration may touch, in lower case. */
    static String checkName(String text) throws Refused {
        if (!isToken(text) || text.length() > NAME_LENGTH_MAX) throw Refused.badValue("not a field name");
        String name = text.toLowerCase(Locale.ROOT);
        if (!DERIVED.contains(name)) return name;
        String suggestion = name.equals("host") ? "set host in the upstream" : "";
        throw new Refused(
                ProblemCode.FORBIDDEN_FIELD,
                "the proxy derives this field itself",
                "a field that the proxy does not derive from the message or its connection",
                suggestion);
    }

    /** A field value: no control character, no blank at either end, nothing beyond ISO-8859-1. */
    static String checkValue(String text) throws Refused {
        if (text.length() > VALUE_LENGTH_MAX) throw Refused.badValue("the field value is too long");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean allowed = c == '\t' || (c >= ' ' && c != 0x7f && c <= 0xff && !(c >= 0x80 && c < 0xa0));
            if (!allowed) throw Refused.badValue("a character that a field value cannot hold");
        }
        if (!text.strip().equals(text)) {
            throw Refused.badValue("blanks around a field value", text.isBlank() ? "" : "write " + text.strip());
        }
        return text;
    }

    static boolean isToken(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (!isTokenChar(text.charAt(i))) return false;
        }
        return !text.isEmpty();
    }

    private static boolean isTokenChar(int c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || TOKEN_MARKS.indexOf(c) >= 0;
    }
}
