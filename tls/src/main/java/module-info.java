/** A TLS transport for the engine over {@code SSLEngine}, what a listener reads before it has chosen one, and whom to believe. */
module dev.headgate.tls {
    requires transitive dev.headgate.engine;
    requires static transitive org.jspecify;

    exports dev.headgate.tls.context;
    exports dev.headgate.tls.credential;
    exports dev.headgate.tls.finding;
    exports dev.headgate.tls.hello;
    exports dev.headgate.tls.transport;
    exports dev.headgate.tls.trust;

    // Who does TLS in place of the JDK, by name.
    uses java.security.Provider;
}
