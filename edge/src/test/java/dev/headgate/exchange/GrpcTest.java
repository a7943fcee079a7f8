package dev.headgate.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headgate.http.Http1Limits;
import dev.headgate.http.HttpVersion;
import dev.headgate.http.RequestHead;
import dev.headgate.http.h1.Decode;
import dev.headgate.http.h1.RequestHeadDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GrpcTest {
    @ParameterizedTest
    @CsvSource({
        "application/grpc, true",
        "application/grpc+proto, true",
        "APPLICATION/GRPC+json, true",
        "application/grpc;charset=utf-8, true",
        "application/grpc ;x=y, true",
        "application/grpc-web, false",
        "application/grpc-web+proto, false",
        "application/grpcx, false",
        "application/grp, false",
        "text/plain, false",
    })
    void aCallIsKnownByItsContentType(String contentType, boolean isCall) {
        assertEquals(isCall, Grpc.isCall(head(HttpVersion.HTTP_2, "Content-Type: " + contentType)));
    }

    @Test
    void thereAreNoCallsWithoutTypeOrByHttp1() {
        assertEquals(false, Grpc.isCall(head(HttpVersion.HTTP_2, "Accept: application/grpc")));
        assertEquals(false, Grpc.isCall(head(HttpVersion.HTTP_1_1, "Content-Type: application/grpc")));
    }

    @ParameterizedTest
    @CsvSource({
        "1H, 3600000000000",
        "99999999H, 31536000000000000",
        "2M, 120000000000",
        "30S, 30000000000",
        "250m, 250000000",
        "7u, 7000",
        "5n, 5",
        "0S, 1",
        "00000000H, 1",
        "0n, 1",
        "123456789S, 0",
        "S, 0",
        "10, 0",
        "10x, 0",
        "-1S, 0",
        "1.5S, 0",
        "1 S, 0",
    })
    void aDeadlineHasAtMostEightDigitsAndAUnit(String value, String ns) {
        assertEquals(
                Long.parseLong(ns),
                Grpc.timeoutNs(
                        head(HttpVersion.HTTP_2, "grpc-timeout: " + value).fields()));
    }

    @Test
    void withoutAFieldThereIsNoDeadline() {
        assertEquals(Grpc.NO_TIMEOUT, Grpc.timeoutNs(head(HttpVersion.HTTP_2).fields()));
    }

    @ParameterizedTest
    @CsvSource({
        "EXCHANGE_TIMEOUT, 4",
        "NO_ROUTE, 12",
        "NO_ENDPOINT, 14",
        "CONNECT_REFUSED, 14",
        "UPSTREAM_FIRST_BYTE_TIMEOUT, 14",
        "REQUEST_INVALID, 13",
        "INTERNAL, 13",
        "BODY_TOO_LARGE, 8",
        "FIELDS_TOO_LARGE, 8",
        "MISDIRECTED, 7",
        "METHOD_REFUSED, 12",
        "REQUEST_TIMEOUT, 1",
        "LOOP_DETECTED, 2",
    })
    void eachCauseHasAStatus(Cause cause, String status) {
        assertEquals(status, new String(Grpc.status(cause), StandardCharsets.US_ASCII));
    }

    private static RequestHead head(HttpVersion version, String... lines) {
        String all = lines.length == 0 ? "" : String.join("\r\n", lines) + "\r\n";
        byte[] bytes = ("POST /a HTTP/1.1\r\nHost: x\r\n" + all + "\r\n").getBytes(StandardCharsets.US_ASCII);
        RequestHead head = new RequestHead();
        assertEquals(
                Decode.COMPLETE, new RequestHeadDecoder(Http1Limits.DEFAULTS).decode(ByteBuffer.wrap(bytes), head));
        head.version(version);
        return head;
    }
}
