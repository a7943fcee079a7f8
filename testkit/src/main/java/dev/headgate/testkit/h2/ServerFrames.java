package dev.headgate.testkit.h2;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** What {@link Http2Peer} knows, without a socket: bytes of a client and of its server, of which the latter are checked strictly. */
public final class ServerFrames {
    private final Received in = new Received();
    private final FrameReader reader = new FrameReader(in);
    private final Conversation conversation = new Conversation(reader, _ -> {});
    private final SentFrames sent = new SentFrames(conversation);

    /** A conversation in which nothing has been said. */
    public ServerFrames() {
        conversation.withoutCredit();
    }

    /** The client has sent these bytes, its preface first. */
    public void sent(byte[] bytes) {
        sent.onBytes(bytes);
    }

    /** The server has sent these bytes, whole frames; fails when it must not. */
    public List<Frame> received(byte[] bytes) {
        in.reset(bytes);
        List<Frame> frames = new ArrayList<>();
        try {
            for (Frame frame = reader.next(); frame != null; frame = reader.next()) {
                frames.add(frame);
                conversation.onReceived(frame);
            }
        } catch (EOFException e) {
            throw new AssertionError("half a frame behind " + frames, e);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return frames;
    }

    /** What the server may send on this stream now. */
    public long allowedBytes(int streamId) {
        return conversation.allowedBytes(streamId);
    }

    /** Bytes in place of a socket. */
    private static final class Received extends ByteArrayInputStream {
        Received() {
            super(new byte[0]);
        }

        void reset(byte[] bytes) {
            buf = bytes;
            pos = 0;
            count = bytes.length;
        }
    }
}
