/** A TLS transport for the engine over {@code SSLEngine}. */
module dev.headgate.tls {
    requires dev.headgate.engine;
}
