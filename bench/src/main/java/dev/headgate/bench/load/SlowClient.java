package dev.headgate.bench.load;

import dev.headgate.engine.LoopConfined;
import dev.headgate.engine.timer.Timer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One client that takes its time: a step per pause, until it is stopped. */
@LoopConfined
final class SlowClient extends Timer implements Client.Owner {
    private final ClientKit kit;
    private final boolean isReading;
    private final long pauseNs;
    private final long timeoutNs;
    private final ClientConnection client;
    private int sentBytes; // of the head, by one who sends slowly
    private long movedNs; // when it last got on: connected, sent something, or had something from the target
    private long receivedBytes; // of the answer's content, by then
    private long answers;
    private long failures;

    SlowClient(ClientKit kit, SlowClients plan, Duration timeout) {
        this.kit = kit;
        this.isReading = plan.kind() == SlowClients.Kind.READING;
        this.pauseNs = plan.pause().toNanos();
        this.timeoutNs = timeout.toNanos();
        this.client = new ClientConnection(kit, this, isReading);
    }

    /** The first step comes some time within a pause, so that not all of them step together. */
    void start() {
        long partNs = (kit.loop.chance().nextLong() >>> 1) % pauseNs;
        kit.loop.timers().arm(this, kit.loop.nowNs() + partNs);
    }

    /** Nothing more is counted from here on. */
    void stop() {
        kit.loop.timers().remove(this);
        client.drop(false);
    }

    @Override
    protected void onDeadline(long nowNs) {
        switch (client.state()) {
            case CLOSED -> {
                movedNs = nowNs;
                client.dial();
            }
            case CONNECTING -> endWhenStuck(nowNs);
            case FREE, AWAITING_HEAD, IN_CONTENT -> step(nowNs);
        }
        kit.loop.timers().arm(this, nowNs + pauseNs);
    }

    private void step(long nowNs) {
        if (isReading) {
            if (client.contentBytes() != receivedBytes) onMoved(nowNs);
            endWhenStuck(nowNs);
            client.read();
        } else if (sentBytes < kit.writer.headBytes()) {
            client.sendByte(sentBytes++);
            movedNs = nowNs;
        } else {
            endWhenStuck(nowNs);
        }
    }

    private void onMoved(long nowNs) {
        movedNs = nowNs;
        receivedBytes = client.contentBytes();
    }

    /** A slow client is patient with itself, but not with a target that hangs. */
    private void endWhenStuck(long nowNs) {
        if (nowNs - movedNs > timeoutNs) client.timeOut();
    }

    private void begin() {
        sentBytes = 0;
        movedNs = kit.loop.nowNs();
        receivedBytes = 0;
        if (isReading) {
            client.send();
        }
    }

    @Override
    public void onConnected(Client connected) {
        begin();
    }

    @Override
    public void onAnswered(Client answeredClient, @Nullable LoadError fault) {
        if (fault == null) {
            answers++;
        } else {
            failures++;
        }
        if (!client.isClosed()) {
            begin();
        }
    }

    @Override
    public void onFailed(Client failedClient, LoadError fault) {
        failures++;
    }

    @Override
    public void onLost(Client lostClient) {
        failures++;
    }

    long answers() {
        return answers;
    }

    long failures() {
        return failures;
    }
}
