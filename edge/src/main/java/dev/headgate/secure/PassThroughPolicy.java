package dev.headgate.secure;

import dev.headgate.engine.AnyThread;
import dev.headgate.tls.hello.ClientHello;
import dev.headgate.tls.transport.HelloDecision;
import dev.headgate.tls.transport.HelloPolicy;
import dev.headgate.tls.transport.TlsFailure;
import org.jspecify.annotations.Nullable;

/** Passes through what a table says, before anything else is looked at: versions and cipher suites are then the origin's matter. */
@AnyThread
final class PassThroughPolicy implements HelloPolicy {
    private static final int UNRECOGNIZED_NAME = 112;

    private final PassThroughTable table;
    private final HelloPolicy otherwise;

    PassThroughPolicy(PassThroughTable table, HelloPolicy otherwise) {
        this.table = table;
        this.otherwise = otherwise;
    }

    /** For a listener where no TLS ends: what is not passed through is refused. */
    static PassThroughPolicy alone(PassThroughTable table) {
        return new PassThroughPolicy(
                table,
                (hello, serverName) -> new HelloDecision.Refuse(
                        TlsFailure.NAME_UNKNOWN,
                        UNRECOGNIZED_NAME,
                        serverName == null ? "no name, and nothing for none" : "nothing for " + serverName));
    }

    @Override
    public HelloDecision decide(ClientHello hello, @Nullable String serverName) {
        HelloDecision passed = table.find(hello, serverName);
        return passed == null ? otherwise.decide(hello, serverName) : passed;
    }
}
