package dev.headgate.tls.encoding;

import dev.headgate.tls.finding.FindingCode;
import dev.headgate.tls.finding.Input;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the blocks of a PEM text (RFC 7468 §2, §3): text around blocks is passed over, lines end with CRLF, LF or CR,
 * and may have blanks behind them. Base64 is strict. What is wrong with one block is found, and reading goes on.
 *
 * <pre>
 *  OUTSIDE ──BEGIN──> INSIDE ──base64 line──> INSIDE ──END, same label──> OUTSIDE
 *                       └──"name: value"──> HEADERS ──empty line──> INSIDE
 * </pre>
 */
public final class PemReader {
    private static final String BEGIN = "-----BEGIN ";
    private static final String END = "-----END ";
    private static final String BYTE_ORDER_MARK = "\u00ef\u00bb\u00bf"; // U+FEFF as UTF-8, a char per byte
    private static final String MARKED_BEGIN = BYTE_ORDER_MARK + BEGIN;
    private static final String DASHES = "-----";
    private static final int LABEL_LENGTH_MAX = 40;

    private enum State {
        OUTSIDE,
        INSIDE,
        HEADERS
    }

    private final Input input;
    private final PemLimits limits;
    private final Findings findings;
    private final List<PemBlock> blocks = new ArrayList<>();

    private State state = State.OUTSIDE;
    private int line;
    private int blockCount; // those without BEGIN and those that cannot be read included
    private String label = "";
    private int beginLine;
    private boolean isLegacyEncrypted;
    private final StringBuilder base64 = new StringBuilder();

    private PemReader(Input input, PemLimits limits, Findings findings) {
        this.input = input;
        this.limits = limits;
        this.findings = findings;
    }

    /** The blocks of {@code bytes} that can be read; the others are among the findings. */
    public static List<PemBlock> read(byte[] bytes, Input input, PemLimits limits, Findings findings) {
        if (bytes.length > limits.textBytes()) {
            findings.add(
                    FindingCode.PEM_TOO_LARGE,
                    input,
                    0,
                    bytes.length + " bytes",
                    "at most " + limits.textBytes() + " bytes");
            return List.of();
        }
        return new PemReader(input, limits, findings)
                .readAll(new String(bytes, StandardCharsets.ISO_8859_1)); // no text is malformed
    }

    private List<PemBlock> readAll(String text) {
        int at = 0;
        while (at < text.length() && blockCount <= limits.blockCount()) {
            int end = lineEnd(text, at);
            line++;
            onLine(withoutMark(text.substring(at, end).stripTrailing()));
            at = end + (text.startsWith("\r\n", end) ? 2 : 1);
        }
        if (state != State.OUTSIDE) {
            refuse(FindingCode.PEM_END_MISSING, "the end of the text", endLine(label));
        }
        if (blockCount > limits.blockCount()) {
            findings.add(
                    FindingCode.PEM_TOO_MANY_BLOCKS,
                    input,
                    line,
                    "more than " + limits.blockCount() + " blocks",
                    "at most " + limits.blockCount() + " blocks");
        }
        return blocks;
    }

    /** Some editors put a mark first, which stands before a later block once files are joined. */
    private static String withoutMark(String text) {
        return text.startsWith(MARKED_BEGIN) ? text.substring(BYTE_ORDER_MARK.length()) : text;
    }

    private static int lineEnd(String text, int from) {
        int end = from;
        while (end < text.length() && text.charAt(end) != '\n' && text.charAt(end) != '\r') end++;
        return end;
    }

    private void onLine(String text) {
        if (text.startsWith(BEGIN)) {
            onBegin(text);
        } else if (text.startsWith(END)) {
            onEnd(text);
        } else {
            switch (state) {
                case OUTSIDE -> {} // explanatory text
                case INSIDE -> onContent(text);
                case HEADERS -> onHeader(text);
            }
        }
    }

    private void onBegin(String text) {
        if (state != State.OUTSIDE) {
            refuse(FindingCode.PEM_END_MISSING, "another BEGIN at line " + line, endLine(label));
        }
        state = State.OUTSIDE;
        if (!isBlockTaken()) return;
        String found = label(text, BEGIN);
        if (found == null) {
            // The line is not quoted: without its line end, a key stands in it.
            findings.add(
                    FindingCode.PEM_BEGIN_MALFORMED,
                    input,
                    line,
                    "a BEGIN line without its end",
                    "-----BEGIN label-----");
            return;
        }
        label = found;
        beginLine = line;
        isLegacyEncrypted = false;
        base64.setLength(0);
        state = State.INSIDE;
    }

    /** Counts one more block, broken or not: what is found of each is bounded, so all that is found is. */
    private boolean isBlockTaken() {
        return ++blockCount <= limits.blockCount();
    }

    private void onContent(String text) {
        if (text.indexOf(':') >= 0 && base64.isEmpty()) {
            state = State.HEADERS;
            onHeader(text);
        } else {
            base64.append(text);
        }
    }

    /** Headers are of RFC 1421, from which this one is still met; RFC 7468 §2 has none. */
    private void onHeader(String text) {
        if (text.isEmpty()) {
            state = State.INSIDE;
        } else if (text.startsWith("Proc-Type:") && text.endsWith("ENCRYPTED")) {
            isLegacyEncrypted = true;
        } else if (!isLegacyEncrypted) {
            refuse(FindingCode.PEM_HEADER, "a header at line " + line, "base64 only");
            state = State.OUTSIDE;
        }
    }

    private void onEnd(String text) {
        if (state == State.OUTSIDE) {
            // Behind a block that was given up there is its END; only one without any BEGIN is news.
            if ((label.isEmpty() || !text.equals(endLine(label))) && isBlockTaken()) {
                findings.add(FindingCode.PEM_END_STRAY, input, line, "END without BEGIN", "BEGIN first");
            }
            return;
        }
        state = State.OUTSIDE;
        if (!text.equals(endLine(label))) {
            refuse(FindingCode.PEM_END_OTHER, "another END at line " + line, endLine(label));
            return;
        }
        byte[] der = isLegacyEncrypted ? new byte[0] : decode();
        if (der != null) blocks.add(new PemBlock(label, beginLine, isLegacyEncrypted, der));
        label = "";
    }

    private byte @Nullable [] decode() {
        String text = base64.toString();
        if (text.length() / 4 * 3L > limits.blockBytes() + 2L) {
            return tooLarge();
        }
        try {
            byte[] der = Base64.getDecoder().decode(text);
            if (der.length > limits.blockBytes()) return tooLarge();
            // The JDK takes missing padding, and bits behind the last byte: another text for the same bytes.
            if (der.length > 0 && Base64.getEncoder().encodeToString(der).equals(text)) return der;
            Arrays.fill(der, (byte) 0);
        } catch (IllegalArgumentException e) {
            // Its message quotes the text; ours does not.
        }
        refuse(FindingCode.PEM_BASE64, "no base64, or a part of it", "base64 with its padding (RFC 4648 §4)");
        return null;
    }

    private byte @Nullable [] tooLarge() {
        String most = "at most " + limits.blockBytes() + " bytes";
        refuse(FindingCode.PEM_BLOCK_TOO_LARGE, "more than " + limits.blockBytes() + " bytes", most);
        return null;
    }

    private void refuse(FindingCode code, String found, String expected) {
        findings.add(code, input, beginLine, found, expected);
    }

    private static String endLine(String label) {
        return END + label + DASHES;
    }

    /** The label of a line, of capitals, digits and blanks as all that are in use, or null. */
    private static @Nullable String label(String text, String start) {
        int end = text.length() - DASHES.length();
        if (!text.endsWith(DASHES) || end <= start.length() || end - start.length() > LABEL_LENGTH_MAX) return null;
        String label = text.substring(start.length(), end);
        for (int i = 0; i < label.length(); i++) {
            char c = label.charAt(i);
            if (!(c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == ' ')) return null;
        }
        return label;
    }
}
