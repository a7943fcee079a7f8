package dev.headgate.route;

import dev.headgate.engine.Immutable;
import java.util.List;

/**
 * The answer of a {@code respond} action.
 *
 * @param status 200 to 599
 * @param contentType value of {@code Content-Type}, empty for none
 * @param body content; not to be changed
 * @param fields further fields
 */
@Immutable
@SuppressWarnings("ArrayRecordComponent") // bytes as they are sent; nobody compares answers
public record LocalAnswer(int status, byte[] contentType, byte[] body, List<Line> fields) {
    public LocalAnswer {
        fields = List.copyOf(fields);
    }

    /**
     * One field line.
     *
     * @param name as it is sent
     * @param value as it is sent
     */
    @SuppressWarnings("ArrayRecordComponent") // likewise
    public record Line(byte[] name, byte[] value) {}
}
