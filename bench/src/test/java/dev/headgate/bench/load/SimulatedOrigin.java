package dev.headgate.bench.load;

import dev.headgate.testkit.sim.PeerEnd;
import dev.headgate.testkit.sim.SimIo;
import dev.headgate.testkit.sim.Simulator;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.LongUnaryOperator;

/** An origin in virtual time: each request is answered at the moment that {@code answerNs} names for its arrival. */
final class SimulatedOrigin implements SimIo.Host {
    private static final byte[] ANSWER =
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok".getBytes(StandardCharsets.US_ASCII);

    private final Simulator simulator;
    private final LongUnaryOperator answerNs;
    private int requests;
    private int connections;
    private int connectionsWithRequests;

    SimulatedOrigin(Simulator simulator, LongUnaryOperator answerNs) {
        this.simulator = simulator;
        this.answerNs = answerNs;
    }

    int requests() {
        return requests;
    }

    int connections() {
        return connections;
    }

    int connectionsWithRequests() {
        return connectionsWithRequests;
    }

    @Override
    public boolean isUp() {
        return true;
    }

    @Override
    public void onConnection(PeerEnd end) {
        connections++;
        end.owner(new Server(end));
    }

    /** One connection; a request is everything up to an empty line. */
    private final class Server implements PeerEnd.Peer {
        private final PeerEnd end;
        private int lineEnds;
        private boolean hasRequest;

        Server(PeerEnd end) {
            this.end = end;
        }

        @Override
        public void onReady() {
            for (byte b : end.read(end.readableBytes())) {
                lineEnds = b == '\n' ? lineEnds + 1 : b == '\r' ? lineEnds : 0;
                if (lineEnds == 2) {
                    lineEnds = 0;
                    onRequest();
                }
            }
        }

        private void onRequest() {
            requests++;
            if (!hasRequest) {
                hasRequest = true;
                connectionsWithRequests++;
            }
            long nowNs = simulator.nowNs();
            simulator.after(answerNs.applyAsLong(nowNs) - nowNs, () -> end.write(ByteBuffer.wrap(ANSWER)));
        }

        @Override
        public void onEnd() {
            end.close();
        }

        @Override
        public void onReset() {
            end.close();
        }
    }
}
