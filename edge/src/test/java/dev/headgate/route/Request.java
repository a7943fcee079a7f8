package dev.headgate.route;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The host and path of a request as bytes among others, in a direct buffer that ends with the last of them. */
record Request(String host, String path) {
    private static final String BEFORE = "GET /x ";

    <T> @Nullable T matchIn(RouteTable<T> table) {
        return matchIn(table, bytes());
    }

    <T> @Nullable T matchIn(RouteTable<T> table, ByteBuffer bytes) {
        int pathOffset = BEFORE.length() + host.length();
        return table.match(bytes, BEFORE.length(), host.length(), pathOffset, path.length());
    }

    ByteBuffer bytes() {
        byte[] array = (BEFORE + host + path).getBytes(StandardCharsets.ISO_8859_1);
        return ByteBuffer.allocateDirect(array.length).put(array).flip();
    }
}
