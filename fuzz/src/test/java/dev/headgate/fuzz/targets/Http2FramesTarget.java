package dev.headgate.fuzz.targets;

import dev.headgate.fuzz.targets.FrameOwner.Recording;
import dev.headgate.http.Http1Limits.UnderscoreNames;
import dev.headgate.http.h2.Http2HeadLimits;
import dev.headgate.http.h2.Http2Limits;
import dev.headgate.http.h2.Http2Scratch;
import dev.headgate.http.h2.Http2Violation;
import dev.headgate.http.hpack.HpackLimits;
import dev.headgate.testkit.Wire;
import dev.headgate.testkit.h2.Frames;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The input is what a client sends behind its preface and first SETTINGS. */
final class Http2FramesTarget {
    private static final byte[] GREETING = Wire.join(Frames.preface(), Frames.settings());

    private static final Http2Limits TIGHT = Http2Limits.DEFAULTS
            .withStreams(3)
            .withWindows(64, 1 << 16)
            .withTables(100, 100)
            .withHeads(new Http2HeadLimits(
                    new HpackLimits(8, 512, 32), new HpackLimits(4, 256, 32), 64, 8, 2, UnderscoreNames.ALLOW));

    /** Limits, and what connections with them share. */
    private record Setting(Http2Limits limits, Http2Scratch scratch) {
        Setting(Http2Limits limits) {
            this(limits, new Http2Scratch(limits.heads()));
        }
    }

    private static final List<Setting> SETTINGS = List.of(new Setting(Http2Limits.DEFAULTS), new Setting(TIGHT));

    private Http2FramesTarget() {}

    public static void fuzzerTestOneInput(byte[] input) {
        byte[] wire = Wire.join(GREETING, input);
        for (Setting setting : SETTINGS) {
            FrameOwner first = null;
            for (int[] cuts : Cuts.of(wire)) {
                FrameOwner owner = feed(setting, wire, cuts, Recording.ALL);
                if (first == null) {
                    first = owner;
                    checkCredit(owner, wire);
                }
                same(first, owner);
            }
            Laws.keepsLittle(wire.length, () -> feed(setting, wire, new int[] {wire.length}, Recording.NOTHING));
        }
    }

    /** How many streams come at once is looked at for each read; else nothing depends on where one ends. */
    private static void same(FrameOwner first, FrameOwner other) {
        if (isBurst(first) || isBurst(other)) {
            return;
        }
        Laws.same(first.events(), other.events(), "depends on how it was cut");
        Laws.check(Arrays.equals(first.written(), other.written()), () -> "answers depend on how it was cut");
    }

    private static boolean isBurst(FrameOwner owner) {
        return owner.connection().violation() == Http2Violation.STREAM_BURST;
    }

    private static FrameOwner feed(Setting setting, byte[] wire, int[] cuts, Recording recording) {
        var owner = new FrameOwner(setting.limits(), setting.scratch(), recording);
        int consumed = 0;
        for (int there : cuts) {
            if (there < consumed) {
                continue;
            }
            ByteBuffer source = Cuts.present(wire, consumed, there);
            int start = source.position();
            boolean goesOn = owner.receive(source);
            int taken = source.position() - start;
            consumed += taken;
            int left = there - consumed;
            int leftMax = owner.connection().unreadBytesMax();
            Laws.check(left <= leftMax, () -> "left unread: " + left + ", at most " + leftMax);
            owner.flushed(wire, consumed);
            if (!goesOn) {
                break;
            }
        }
        owner.finish();
        return owner;
    }

    /** All credit is back, but for what a frame of content has announced and not brought. */
    private static void checkCredit(FrameOwner owner, byte[] wire) {
        if (owner.connection().isFailed()) {
            Laws.check(owner.isGoAwaySent(), () -> "failed without GOAWAY: " + owner.events());
            return;
        }
        int missing =
                owner.limits().connectionWindowBytes() - owner.connection().receiveWindowFreeBytes();
        Integer rest = owedContent(wire);
        if (rest != null) {
            Laws.same(rest, missing, "credit that is out");
        }
    }

    /** Bytes of the last frame that have not come, if it is of content; null when its padding makes it hard to say. */
    private static @Nullable Integer owedContent(byte[] wire) {
        int at = Frames.preface().length;
        while (wire.length - at >= 9) {
            ByteBuffer header = ByteBuffer.wrap(wire, at, 9);
            int lengthAndType = header.getInt();
            int flags = header.get();
            int end = at + 9 + (lengthAndType >>> 8);
            if (end > wire.length) {
                boolean isData = (lengthAndType & 0xFF) == Frames.DATA;
                return !isData
                        ? Integer.valueOf(0)
                        : (flags & Frames.PADDED) != 0 ? null : Integer.valueOf(end - wire.length);
            }
            at = end;
        }
        return 0;
    }
}
