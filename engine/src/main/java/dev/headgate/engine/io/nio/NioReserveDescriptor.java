package dev.headgate.engine.io.nio;

import dev.headgate.engine.io.ReserveDescriptor;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/** An unconnected socket, never registered anywhere, so that closing it frees its descriptor at once. */
final class NioReserveDescriptor implements ReserveDescriptor {
    private @Nullable SocketChannel held;

    NioReserveDescriptor() {
        regain();
    }

    @Override
    public void giveUp() {
        SocketChannel channel = held;
        held = null;
        if (channel == null) {
            return;
        }
        try {
            channel.close();
        } catch (IOException e) {
            // An unconnected socket has nothing that could fail to be sent.
        }
    }

    @Override
    public void regain() {
        if (held != null) {
            return;
        }
        try {
            held = SocketChannel.open();
        } catch (IOException e) {
            held = null; // None to be had now; the next regain tries again.
        }
    }

    @Override
    public boolean isHeld() {
        return held != null;
    }
}
