/** HTTP codecs and protocol state machines without I/O, threads or clocks. */
module dev.headgate.http {
    requires static transitive org.jspecify;

    exports dev.headgate.http;
    exports dev.headgate.http.h1;
    exports dev.headgate.http.h2;
    exports dev.headgate.http.hpack;
    exports dev.headgate.http.uri;
    exports dev.headgate.http.websocket;
}
