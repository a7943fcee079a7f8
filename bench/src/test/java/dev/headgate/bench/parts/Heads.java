package dev.headgate.bench.parts;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Heads as they come in practice. */
public enum Heads {
    LOAD_GENERATOR("GET /1k HTTP/1.1", "Host: 127.0.0.1:18080", "User-Agent: load/1", "Accept: */*"),
    BROWSER(
            "GET /products/1234/details?ref=home&page=2 HTTP/1.1",
            "Host: www.example.com",
            "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0",
            "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
            "Accept-Language: en-US,en;q=0.5",
            "Accept-Encoding: gzip, deflate, br",
            "Cookie: session=0123456789abcdef0123456789abcdef",
            "Connection: keep-alive"),
    /** A browser of today names itself in fields that have no number. */
    BROWSER_HINTS(
            "GET /assets/app-4f2a91c7.js HTTP/1.1",
            "Host: www.example.com",
            "Connection: keep-alive",
            "sec-ch-ua-platform: \"Linux\"",
            "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0",
            "sec-ch-ua: \"Chromium\";v=\"126\", \"Not:A-Brand\";v=\"24\"",
            "sec-ch-ua-mobile: ?0",
            "Accept: */*",
            "Sec-Fetch-Site: same-origin",
            "Sec-Fetch-Mode: no-cors",
            "Sec-Fetch-Dest: script",
            "Referer: https://www.example.com/products/1234/details",
            "Accept-Encoding: gzip, deflate, br, zstd",
            "Accept-Language: en-US,en;q=0.9",
            "Cookie: session=0123456789abcdef0123456789abcdef; theme=dark"),
    ORIGIN(
            "HTTP/1.1 200 OK",
            "Server: origin",
            "Date: Sat, 21 Nov 2026 10:00:00 GMT",
            "Content-Type: text/plain",
            "Content-Length: 1024");

    private final String text;

    Heads(String... lines) {
        text = String.join("\r\n", lines) + "\r\n\r\n";
    }

    /** The head in a direct buffer, as sockets fill it, with bytes of something else behind it. */
    public ByteBuffer bytes() {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocateDirect(bytes.length + 64).put(bytes).flip();
    }
}
