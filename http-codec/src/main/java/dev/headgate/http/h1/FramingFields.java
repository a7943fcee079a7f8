package dev.headgate.http.h1;

import dev.headgate.http.Field;
import dev.headgate.http.FieldSection;
import dev.headgate.http.FieldSyntax;
import dev.headgate.http.HeadScan;
import dev.headgate.http.Violation;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Judges the fields that say where a message ends and whether its connection goes on, as they are decoded. */
final class FramingFields {
    /** The fields that {@link #onLine} wants to see. */
    static final long IDS = 1L << Field.CONTENT_LENGTH | 1L << Field.TRANSFER_ENCODING | 1L << Field.CONNECTION;

    /** 19 digits hold every {@code long}, and overflow of a value with 19 shows in its sign. */
    private static final int LENGTH_DIGITS_MAX = 19;

    /** Each option is looked for among all fields, so that the work is the product of the two. */
    private static final int CONNECTION_OPTIONS_MAX = 32;

    private static final byte[] CHUNKED = "chunked".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] CLOSE = "close".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] KEEP_ALIVE = "keep-alive".getBytes(StandardCharsets.US_ASCII);

    private FramingFields() {}

    /** Takes in the last entry of {@code fields}, one of {@link #IDS}; returns what is wrong with it. */
    static @Nullable Violation onLine(FieldSection fields, HeadScan scan) {
        int i = fields.count() - 1;
        return switch (fields.id(i)) {
            case Field.CONTENT_LENGTH -> onContentLength(fields, i, scan);
            case Field.TRANSFER_ENCODING -> onTransferEncoding(fields, i, scan);
            default -> onConnection(fields, i, scan);
        };
    }

    static boolean hasLength(HeadScan scan) {
        return (scan.seen >>> Field.CONTENT_LENGTH & 1) != 0;
    }

    static boolean isChunked(HeadScan scan) {
        return (scan.seen >>> Field.TRANSFER_ENCODING & 1) != 0;
    }

    /** Equal duplicates and lists could be merged (RFC 9112 §6.3), but honest peers do not send them: all are refused. */
    private static @Nullable Violation onContentLength(FieldSection fields, int i, HeadScan scan) {
        if (hasLength(scan)) {
            return Violation.CONTENT_LENGTH_DUPLICATE;
        }
        scan.seen |= 1L << Field.CONTENT_LENGTH;
        scan.contentLength = decimal(fields.bytes(), fields.valueOffset(i), fields.valueLength(i));
        return scan.contentLength < 0 ? Violation.CONTENT_LENGTH_INVALID : null;
    }

    /** The digits as a number, or a negative one when they are not a canonical number below 2^63. */
    private static long decimal(ByteBuffer source, int offset, int length) {
        if (length == 0 || length > LENGTH_DIGITS_MAX || length > 1 && source.get(offset) == '0') {
            return -1;
        }
        long value = 0;
        for (int i = offset; i < offset + length; i++) {
            int digit = source.get(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            value = value * 10 + digit;
        }
        return value;
    }

    private static @Nullable Violation onTransferEncoding(FieldSection fields, int i, HeadScan scan) {
        if (isChunked(scan)) {
            return Violation.TRANSFER_CODING_DUPLICATE;
        }
        scan.seen |= 1L << Field.TRANSFER_ENCODING;
        return fields.valueEqualsIgnoreCase(i, CHUNKED)
                ? null
                : judgeCodings(fields.bytes(), fields.valueOffset(i), fields.valueLength(i));
    }

    /** A list of codings we do not know that frames its message properly is 501, anything else 400 (RFC 9112 §6.1). */
    private static Violation judgeCodings(ByteBuffer source, int offset, int length) {
        int end = offset + length;
        boolean chunkedSeen = false;
        int at = offset;
        while (true) {
            int stop = ListElement.end(source, at, end);
            int from = ListElement.trimStart(source, at, stop);
            int to = ListElement.trimEnd(source, from, stop);
            if (chunkedSeen || !FieldSyntax.isToken(source, from, to - from)) {
                return Violation.TRANSFER_CODING_INVALID;
            }
            chunkedSeen = FieldSyntax.equalsIgnoreCase(source, from, to - from, CHUNKED);
            if (stop == end) {
                return Violation.TRANSFER_CODING_UNKNOWN;
            }
            at = stop + 1;
        }
    }

    /** Options that are not tokens mean nothing; what they name is not removed either, see {@link HopByHop}. */
    private static @Nullable Violation onConnection(FieldSection fields, int i, HeadScan scan) {
        ByteBuffer source = fields.bytes();
        // A lone keep-alive, as all browsers send it, is a name that is known anyway.
        if (Field.idOf(source, fields.valueOffset(i), fields.valueLength(i)) == Field.KEEP_ALIVE) {
            scan.keepAliveSeen = true;
            return countOption(scan);
        }
        int end = fields.valueOffset(i) + fields.valueLength(i);
        for (int at = fields.valueOffset(i); at < end; ) {
            int stop = ListElement.end(source, at, end);
            int from = ListElement.trimStart(source, at, stop);
            int length = ListElement.trimEnd(source, from, stop) - from;
            if (length > 0 && countOption(scan) != null) {
                return Violation.CONNECTION_OPTION_COUNT;
            }
            scan.closeSeen |= FieldSyntax.equalsIgnoreCase(source, from, length, CLOSE);
            scan.keepAliveSeen |= FieldSyntax.equalsIgnoreCase(source, from, length, KEEP_ALIVE);
            at = stop + 1;
        }
        return null;
    }

    private static @Nullable Violation countOption(HeadScan scan) {
        scan.connectionOptionCount++;
        return scan.connectionOptionCount > CONNECTION_OPTIONS_MAX ? Violation.CONNECTION_OPTION_COUNT : null;
    }
}
