package dev.headgate.http;

/** The version of HTTP that a message came by (RFC 9110 §2.5). */
public enum HttpVersion {
    /** RFC 9112, without what 1.1 has added. */
    HTTP_1_0("1.0"),
    /** RFC 9112. */
    HTTP_1_1("1.1"),
    /** RFC 9113. */
    HTTP_2("2.0");

    private final String text;

    HttpVersion(String text) {
        this.text = text;
    }

    /** Its number, as {@code Via} and access logs show it. HTTP/2 has no minor version, but log formats have a place for one. */
    public String text() {
        return text;
    }
}
