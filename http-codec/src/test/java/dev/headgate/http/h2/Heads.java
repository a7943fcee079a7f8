package dev.headgate.http.h2;

import dev.headgate.http.Field;
import dev.headgate.http.FieldSection;
import dev.headgate.http.Http1Limits;
import dev.headgate.http.RequestHead;
import dev.headgate.http.h1.Decode;
import dev.headgate.http.h1.RequestHeadDecoder;
import dev.headgate.testkit.Wire;
import java.nio.ByteBuffer;

/** Heads to send. */
final class Heads {
    static final Http2RequestOptions PLAIN =
            new Http2RequestOptions(Http2RequestOptions.Scheme.HTTP, null, null, Http2RequestOptions.Trailers.UNSAID);

    private Heads() {}

    /** A request that came by HTTP/1.1. */
    static RequestHead request(String script) {
        var head = new RequestHead();
        ByteBuffer source = ByteBuffer.wrap(Wire.bytes(script));
        if (new RequestHeadDecoder(Http1Limits.DEFAULTS).decode(source, head) != Decode.COMPLETE) {
            throw new IllegalArgumentException(script + ": " + head.violation());
        }
        head.retain(ByteBuffer.allocate(source.capacity() + 1000));
        return head;
    }

    static RequestHead get(String path) {
        return request("GET " + path + " HTTP/1.1␍␊Host: a␍␊␍␊");
    }

    static FieldSection fields(String... namesAndValues) {
        var fields = new FieldSection();
        int room = 100;
        for (String text : namesAndValues) {
            room += text.length() + 4;
        }
        fields.startIn(ByteBuffer.allocate(room));
        for (int i = 0; i < namesAndValues.length; i += 2) {
            byte[] name = Wire.bytes(namesAndValues[i]);
            byte[] value = Wire.bytes(namesAndValues[i + 1]);
            int id = Field.idOf(namesAndValues[i]);
            boolean isAdded = id == Field.UNKNOWN ? fields.add(name, value) : fields.add(id, value, 0, value.length);
            if (!isAdded) {
                throw new IllegalArgumentException(namesAndValues[i]);
            }
        }
        return fields;
    }
}
