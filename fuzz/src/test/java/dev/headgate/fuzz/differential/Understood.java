package dev.headgate.fuzz.differential;

import dev.headgate.http.FieldSection;
import dev.headgate.testkit.peer.Field;
import dev.headgate.testkit.peer.Fields;
import java.util.ArrayList;
import java.util.List;

/** One exchange as the proxy understood it. Written by the proxy's loop, read by the test once the exchange is over. */
final class Understood {
    private final String method;
    private final String target;
    private final String authority;
    private final List<Field> fields;
    private final StringBuilder body = new StringBuilder();
    private final StringBuilder responseBody = new StringBuilder();
    private List<Field> responseFields = List.of();
    private int status;
    private boolean requestEnded;
    private boolean responseEnded;

    Understood(String method, String target, String authority, List<Field> fields) {
        this.method = method;
        this.target = target;
        this.authority = authority;
        this.fields = fields;
    }

    /** The fields that go on, but for those of a connection. */
    static List<Field> endToEnd(FieldSection section) {
        var lines = new ArrayList<Field>();
        for (int i = 0; i < section.count(); i++) {
            if (section.isLive(i)) {
                lines.add(new Field(section.name(i), section.value(i)));
            }
        }
        return Heard.endToEnd(new Fields(lines));
    }

    synchronized void onRequestBody(String bytes) {
        body.append(bytes);
    }

    synchronized void onRequestEnd() {
        requestEnded = true;
    }

    synchronized void onResponseHead(int code, List<Field> lines) {
        status = code;
        responseFields = lines;
    }

    synchronized void onResponseBody(String bytes) {
        responseBody.append(bytes);
    }

    synchronized void onResponseEnd() {
        responseEnded = true;
    }

    String method() {
        return method;
    }

    String target() {
        return target;
    }

    String authority() {
        return authority;
    }

    List<Field> fields() {
        return fields;
    }

    synchronized String body() {
        return body.toString();
    }

    synchronized boolean isRequestEnded() {
        return requestEnded;
    }

    synchronized int status() {
        return status;
    }

    synchronized List<Field> responseFields() {
        return responseFields;
    }

    synchronized String responseBody() {
        return responseBody.toString();
    }

    synchronized boolean isResponseEnded() {
        return responseEnded;
    }
}
