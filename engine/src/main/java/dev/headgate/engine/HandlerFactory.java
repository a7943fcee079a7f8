package dev.headgate.engine;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Makes a handler for each accepted connection. Called on the connection's loop, so it must be safe to call from several loops at once. */
@FunctionalInterface
public interface HandlerFactory {
    /**
     * A connection has been accepted; {@link ConnectionHandler#onOpen} follows. Only {@code remoteAddress} and {@code localAddress} of
     * {@code connection} may be called here.
     *
     * @return null to refuse: the connection is closed and nobody hears of it again
     */
    @Nullable
    ConnectionHandler onAccept(EventLoop loop, Connection connection);

    /**
     * Accepting has failed on {@code loop} and pauses for 10 ms to a second: mostly for want of descriptors, of which
     * {@link dev.headgate.engine.io.DescriptorLimitException} tells. It may come often, so it should cost little.
     */
    default void onAcceptFailed(EventLoop loop, IOException failure) {}
}
