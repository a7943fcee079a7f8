package dev.headgate.testkit.sim;

import dev.headgate.testkit.h2.Frame;
import dev.headgate.testkit.peer.Field;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What frames mean to one of both sides, a client or an origin; what belongs to the connection is {@link Http2Link}'s. */
interface Http2Role {
    /** The stream that a DATA frame is of. */
    Http2Flow flowOf(Frame frame);

    /** A field section is whole. */
    void onFields(Frame last, List<Field> fields, boolean ends);

    void onData(Frame frame);

    void onRstStream(Frame frame);

    /** Credit for a stream. Answers that, or null where it has no more meaning. */
    @Nullable
    Http2Flow onStreamCredit(Frame frame);

    void onGoAway(Frame frame);

    /** The proxy's settings have come; {@code streams} are as many as it allows. */
    void onSettings(int streams);

    /** More may be sent than before, perhaps. */
    void onRoom();

    /** A frame of content, or the end of it, is written. */
    void onSent(Http2Flow flow);

    /** {@code bytes} are to be spoilt. Answers whether they may. */
    boolean onSpoiling(byte[] bytes);

    /** What this manner asks for is done. */
    void onMisbehaved(Http2Manner done);

    /** What has come breaks a rule. */
    void onBroken(String what);

    /** The proxy has ended its side, or the connection is broken. */
    void onOver();
}
