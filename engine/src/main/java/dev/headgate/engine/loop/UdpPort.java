package dev.headgate.engine.loop;

import dev.headgate.engine.DatagramHandler;
import dev.headgate.engine.DatagramPort;
import dev.headgate.engine.LoopConfined;
import dev.headgate.engine.io.DatagramSocket;
import dev.headgate.engine.io.Ops;
import dev.headgate.engine.io.Pollable;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Receives into the loop's one large buffer; what is sent leaves at once. */
@LoopConfined
final class UdpPort implements DatagramPort, Pollable {
    /** Then others have their turn; the poller tells of what is left. */
    private static final int DATAGRAMS_PER_CYCLE_MAX = 16;

    private final LoopCore loop;
    private final DatagramSocket socket;
    private final DatagramHandler handler;
    private boolean isClosed;

    UdpPort(LoopCore loop, DatagramSocket socket, DatagramHandler handler) {
        this.loop = loop;
        this.socket = socket;
        this.handler = handler;
    }

    void open() throws IOException {
        socket.register(loop.poller(), this, Ops.READ);
    }

    @Override
    public boolean send(ByteBuffer datagram) throws IOException {
        assert loop.inLoop();
        if (isClosed) {
            throw new IOException("closed");
        }
        return socket.send(datagram);
    }

    @Override
    public void close() {
        assert loop.inLoop();
        if (!isClosed) {
            isClosed = true;
            socket.close();
            loop.forget(this);
        }
    }

    @Override
    public void onReady(int readyOps) {
        loop.beginCycle();
        for (int i = 0; i < DATAGRAMS_PER_CYCLE_MAX && !isClosed; i++) {
            ByteBuffer bytes = loop.reader.lend();
            int length;
            try {
                length = socket.receive(bytes);
            } catch (IOException e) {
                fail(e);
                return;
            }
            if (length == DatagramSocket.NOTHING) {
                return;
            }
            handler.onDatagram(this, bytes.flip());
        }
    }

    /** Closes and tells the handler why. */
    void fail(IOException failure) {
        close();
        handler.onFailed(this, failure);
    }

    @Override
    public void onReadyFailed(Throwable failure) {
        loop.reportFailure("datagram", failure);
        close();
    }
}
