package dev.headgate.fuzz.differential;

import dev.headgate.testkit.peer.OriginExchange;
import dev.headgate.testkit.peer.RawClient;
import dev.headgate.testkit.peer.ScriptedOrigin;
import java.io.IOException;

/** Our own strict parser: the test kit's, which knows canonical messages only and shares no code with the product. */
final class StrictJudge implements Judge {
    private final ScriptedOrigin origin = ScriptedOrigin.start();

    @Override
    public String name() {
        return "strict";
    }

    @Override
    public RawClient connect() {
        return RawClient.connect(origin.port());
    }

    @Override
    public ScriptedOrigin origin() {
        return origin;
    }

    @Override
    public void breakOff(OriginExchange exchange, RawClient client) throws IOException {
        exchange.reset();
    }

    @Override
    public void close() {
        origin.forget(); // Requests that it refused are faults to it, and readings to us.
        origin.close();
    }
}
