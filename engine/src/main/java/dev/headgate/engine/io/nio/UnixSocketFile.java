package dev.headgate.engine.io.nio;

import java.io.IOException;
import java.net.BindException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/** The file that a Unix-domain listener leaves in the file system. */
final class UnixSocketFile {
    private UnixSocketFile() {}

    /** Removes a socket file behind which nobody answers; refuses to touch anything else. */
    static void clearStale(UnixDomainSocketAddress address) throws IOException {
        Path path = address.getPath();
        try {
            // A socket is neither file nor directory nor link; connecting to a plain file is refused just like
            // connecting to a dead socket.
            if (!Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                    .isOther()) {
                throw new BindException("cannot listen on " + path + ": the path exists and is not a socket");
            }
        } catch (NoSuchFileException e) {
            return; // The usual case.
        }
        if (answers(address)) {
            throw new BindException("cannot listen on " + path + ": another listener answers there");
        }
        delete(address);
    }

    private static boolean answers(UnixDomainSocketAddress address) throws IOException {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.configureBlocking(false); // A listener with a full queue would otherwise block the probe.
            channel.connect(address);
            return true;
        } catch (java.net.ConnectException e) {
            return false;
        }
    }

    static void delete(UnixDomainSocketAddress address) throws IOException {
        Files.deleteIfExists(address.getPath());
    }
}
