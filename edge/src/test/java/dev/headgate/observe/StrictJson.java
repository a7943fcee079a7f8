package dev.headgate.observe;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads one flat JSON object, to the letter of RFC 8259: strings, integers and {@code true}, no blanks, no key twice. */
final class StrictJson {
    private final String text;
    private int at;

    private StrictJson(String text) {
        this.text = text;
    }

    static Map<String, Object> parse(byte[] utf8) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(utf8))
                    .toString();
            StrictJson json = new StrictJson(text);
            Map<String, Object> object = json.object();
            json.check(json.at == text.length(), "something follows the object");
            return object;
        } catch (CharacterCodingException e) {
            throw new AssertionError("not UTF-8", e);
        }
    }

    private Map<String, Object> object() {
        Map<String, Object> members = new LinkedHashMap<>();
        expect('{');
        if (!skip('}')) {
            do {
                String key = string();
                expect(':');
                check(members.put(key, value()) == null, "key twice: " + key);
            } while (skip(','));
            expect('}');
        }
        return members;
    }

    private Object value() {
        if (peek() == '"') {
            return string();
        }
        if (text.startsWith("true", at)) {
            at += 4;
            return true;
        }
        return number();
    }

    private Long number() {
        int start = at;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        check(at > start, "no value");
        check(at == start + 1 || text.charAt(start) != '0', "leading zero");
        return Long.valueOf(text.substring(start, at));
    }

    private String string() {
        expect('"');
        StringBuilder value = new StringBuilder();
        while (peek() != '"') {
            char c = text.charAt(at++);
            check(c >= 0x20, "bare control");
            value.append(c == '\\' ? escape() : c);
        }
        at++;
        return value.toString();
    }

    private char escape() {
        char c = text.charAt(at++);
        return switch (c) {
            case '"', '\\', '/' -> c;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> {
                at += 4;
                yield (char) Integer.parseUnsignedInt(text.substring(at - 4, at), 16);
            }
            default -> throw new AssertionError("no such escape: " + c);
        };
    }

    private char peek() {
        check(at < text.length(), "ends too early");
        return text.charAt(at);
    }

    private boolean skip(char c) {
        if (peek() != c) {
            return false;
        }
        at++;
        return true;
    }

    private void expect(char c) {
        check(skip(c), "expected " + c);
    }

    private void check(boolean condition, String problem) {
        if (!condition) {
            throw new AssertionError(problem + " at " + at + " in " + text);
        }
    }
}
