/** Event loops, connections, listeners, buffers and timers over {@code java.nio}; knows nothing of HTTP, TLS or configuration. */
module dev.headgate.engine {
    requires org.jctools.core.jdk11;
    requires static transitive org.jspecify;

    exports dev.headgate.engine;
    exports dev.headgate.engine.buffer;
    exports dev.headgate.engine.io;
    exports dev.headgate.engine.timer;
}
