package dev.headgate.bench.worker;

import dev.headgate.bench.load.DueSlot;
import dev.headgate.bench.load.IntervalSample;
import dev.headgate.bench.load.LatencyCounts;
import dev.headgate.bench.load.LatencySummary;
import dev.headgate.bench.load.LoadError;
import dev.headgate.bench.load.LoadObserver;
import dev.headgate.bench.load.LoadPlan;
import dev.headgate.bench.load.LoadProgress;
import dev.headgate.bench.load.LoadRequest;
import dev.headgate.bench.load.LoadResult;
import dev.headgate.bench.load.LoadTls;
import dev.headgate.bench.load.SlowClients;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Orders and answers as bytes between two processes of the same version: fields in the order in which records declare them. */
final class Wire {
    /** What is asked for. */
    enum Demand {
        /** That an order be carried out. */
        ORDER,
        /** That the order of that number be ended before its time, if it is still under way. */
        ABANDON
    }

    /** What an answer is. Each order has one outcome, failure or end before its time, which comes last. */
    enum Kind {
        PHASE,
        PROGRESS,
        OUTCOME,
        FAILURE,
        ABANDONED
    }

    /** Writes one element of a list. */
    private interface Writer<T> {
        void write(DataOutputStream out, T value) throws IOException;
    }

    /** Reads one element of a list. */
    private interface Reader<T> {
        T read(DataInputStream in) throws IOException;
    }

    private Wire() {}

    // ---- orders -----------------------------------------------------------------------------------------------------

    /** Begins a demand; {@code number} is that of the order. */
    static void writeDemand(DataOutputStream out, Demand demand, long number) throws IOException {
        out.writeByte(demand.ordinal());
        out.writeLong(number);
    }

    static Demand readDemand(DataInputStream in) throws IOException {
        return Demand.values()[in.readByte()];
    }

    static void writeOrder(DataOutputStream out, Order order) throws IOException {
        writePlan(out, order.measured());
        writeList(out, order.beside(), Wire::writePlan);
    }

    static Order readOrder(DataInputStream in) throws IOException {
        return new Order(readPlan(in), readList(in, Wire::readPlan));
    }

    private static void writePlan(DataOutputStream out, LoadPlan plan) throws IOException {
        InetSocketAddress target = (InetSocketAddress) plan.target();
        out.writeUTF(target.getHostString());
        out.writeInt(target.getPort());
        writeRequest(out, plan.request());
        out.writeInt(plan.connections());
        out.writeDouble(plan.ratePerSecond());
        out.writeInt(plan.connectionUse().ordinal());
        out.writeInt(plan.spread().ordinal());
        out.writeInt(plan.idleConnections());
        out.writeInt(plan.slowClients().connections());
        out.writeInt(plan.slowClients().kind().ordinal());
        out.writeUTF(plan.slowClients().target());
        writeDuration(out, plan.slowClients().pause());
        out.writeInt(plan.loops());
        writeDuration(out, plan.warmUp());
        writeDuration(out, plan.duration());
        writeDuration(out, plan.interval());
        writeDuration(out, plan.timeout());
        out.writeInt(plan.sourceAddresses());
        writeTls(out, plan.tls());
        out.writeInt(plan.http2Streams());
        out.writeInt(plan.idleUse().ordinal());
        out.writeBoolean(plan.isCountedByDue());
    }

    private static LoadPlan readPlan(DataInputStream in) throws IOException {
        return new LoadPlan(
                new InetSocketAddress(in.readUTF(), in.readInt()),
                readRequest(in),
                in.readInt(),
                in.readDouble(),
                LoadPlan.ConnectionUse.values()[in.readInt()],
                LoadPlan.Spread.values()[in.readInt()],
                in.readInt(),
                new SlowClients(in.readInt(), SlowClients.Kind.values()[in.readInt()], in.readUTF(), readDuration(in)),
                in.readInt(),
                readDuration(in),
                readDuration(in),
                readDuration(in),
                readDuration(in),
                in.readInt(),
                readTls(in),
                in.readInt(),
                LoadPlan.IdleUse.values()[in.readInt()],
                in.readBoolean());
    }

    private static void writeTls(DataOutputStream out, @Nullable LoadTls tls) throws IOException {
        out.writeBoolean(tls != null);
        if (tls == null) return;
        out.writeInt(tls.version().ordinal());
        out.writeUTF(tls.serverName());
        out.writeUTF(tls.trust().toString());
        out.writeBoolean(tls.isResuming());
    }

    private static @Nullable LoadTls readTls(DataInputStream in) throws IOException {
        if (!in.readBoolean()) return null;
        return new LoadTls(
                LoadTls.Version.values()[in.readInt()], in.readUTF(), Path.of(in.readUTF()), in.readBoolean());
    }

    private static void writeRequest(DataOutputStream out, LoadRequest request) throws IOException {
        out.writeUTF(request.method());
        out.writeUTF(request.target());
        out.writeUTF(request.host());
        writeList(out, request.fieldLines(), (sink, text) -> sink.writeUTF(text));
        out.writeLong(request.bodyBytes());
        out.writeInt(request.bodyFraming().ordinal());
        out.writeInt(request.expectedStatus());
        out.writeLong(request.expectedBytes());
        out.writeBoolean(request.isContentVerified());
    }

    private static LoadRequest readRequest(DataInputStream in) throws IOException {
        return new LoadRequest(
                in.readUTF(),
                in.readUTF(),
                in.readUTF(),
                readList(in, source -> source.readUTF()),
                in.readLong(),
                LoadRequest.BodyFraming.values()[in.readInt()],
                in.readInt(),
                in.readLong(),
                in.readBoolean());
    }

    // ---- answers ----------------------------------------------------------------------------------------------------

    static Kind readKind(DataInputStream in) throws IOException {
        return Kind.values()[in.readByte()];
    }

    static void writePhase(DataOutputStream out, LoadObserver.Phase phase) throws IOException {
        out.writeByte(Kind.PHASE.ordinal());
        out.writeInt(phase.ordinal());
    }

    static LoadObserver.Phase readPhase(DataInputStream in) throws IOException {
        return LoadObserver.Phase.values()[in.readInt()];
    }

    static void writeProgress(DataOutputStream out, LoadProgress progress) throws IOException {
        out.writeByte(Kind.PROGRESS.ordinal());
        out.writeInt(progress.phase().ordinal());
        out.writeLong(progress.elapsedNs());
        out.writeLong(progress.plannedNs());
        out.writeInt(progress.connectionsOpen());
        out.writeLong(progress.answers());
        out.writeDouble(progress.answersPerSecond());
        out.writeLong(progress.errors());
    }

    static LoadProgress readProgress(DataInputStream in) throws IOException {
        return new LoadProgress(
                LoadObserver.Phase.values()[in.readInt()],
                in.readLong(),
                in.readLong(),
                in.readInt(),
                in.readLong(),
                in.readDouble(),
                in.readLong());
    }

    static void writeFailure(DataOutputStream out, String message) throws IOException {
        out.writeByte(Kind.FAILURE.ordinal());
        out.writeUTF(message);
    }

    static void writeAbandoned(DataOutputStream out) throws IOException {
        out.writeByte(Kind.ABANDONED.ordinal());
    }

    static void writeOutcome(DataOutputStream out, Outcome outcome) throws IOException {
        out.writeByte(Kind.OUTCOME.ordinal());
        writeResult(out, outcome.measured());
        writeList(out, outcome.beside(), Wire::writeResult);
    }

    static Outcome readOutcome(DataInputStream in) throws IOException {
        return new Outcome(readResult(in), readList(in, Wire::readResult));
    }

    private static void writeResult(DataOutputStream out, LoadResult result) throws IOException {
        out.writeLong(result.requests());
        out.writeLong(result.totalRequests());
        out.writeDouble(result.seconds());
        out.writeLong(result.bodyBytes());
        writeErrors(out, result.errors());
        writeList(out, result.examples(), (sink, text) -> sink.writeUTF(text));
        writeLatency(out, result.latency());
        writeLatency(out, result.sendDelay());
        writeList(out, result.intervals(), Wire::writeInterval);
        writeList(out, result.slots(), Wire::writeSlot);
        out.writeLong(result.connectionsOpened());
        out.writeLong(result.reconnects());
        out.writeInt(result.idle().opened());
        out.writeInt(result.idle().lost());
        out.writeInt(result.idle().answered());
        out.writeLong(result.slowAnswers());
        out.writeLong(result.slowFailures());
        out.writeLong(result.handshakes().all());
        out.writeLong(result.handshakes().resumed());
        out.writeLong(result.cpuNs());
    }

    private static LoadResult readResult(DataInputStream in) throws IOException {
        return new LoadResult(
                in.readLong(),
                in.readLong(),
                in.readDouble(),
                in.readLong(),
                readErrors(in),
                readList(in, source -> source.readUTF()),
                readLatency(in),
                readLatency(in),
                readList(in, Wire::readInterval),
                readList(in, Wire::readSlot),
                in.readLong(),
                in.readLong(),
                new LoadResult.Idle(in.readInt(), in.readInt(), in.readInt()),
                in.readLong(),
                in.readLong(),
                new LoadResult.Handshakes(in.readLong(), in.readLong()),
                in.readLong());
    }

    private static void writeErrors(DataOutputStream out, Map<LoadError, Long> errors) throws IOException {
        for (LoadError kind : LoadError.values()) out.writeLong(errors.getOrDefault(kind, 0L));
    }

    private static Map<LoadError, Long> readErrors(DataInputStream in) throws IOException {
        Map<LoadError, Long> errors = new EnumMap<>(LoadError.class);
        for (LoadError kind : LoadError.values()) errors.put(kind, in.readLong());
        return errors;
    }

    private static void writeLatency(DataOutputStream out, LatencySummary latency) throws IOException {
        out.writeLong(latency.count());
        out.writeDouble(latency.meanNs());
        out.writeLong(latency.minNs());
        out.writeLong(latency.p50Ns());
        out.writeLong(latency.p90Ns());
        out.writeLong(latency.p99Ns());
        out.writeLong(latency.p999Ns());
        out.writeLong(latency.p9999Ns());
        out.writeLong(latency.maxNs());
        writeList(out, latency.curve(), Wire::writePoint);
    }

    private static LatencySummary readLatency(DataInputStream in) throws IOException {
        return new LatencySummary(
                in.readLong(),
                in.readDouble(),
                in.readLong(),
                in.readLong(),
                in.readLong(),
                in.readLong(),
                in.readLong(),
                in.readLong(),
                in.readLong(),
                readList(in, Wire::readPoint));
    }

    private static void writePoint(DataOutputStream out, LatencySummary.Point point) throws IOException {
        out.writeDouble(point.percentile());
        out.writeLong(point.latencyNs());
    }

    private static LatencySummary.Point readPoint(DataInputStream in) throws IOException {
        return new LatencySummary.Point(in.readDouble(), in.readLong());
    }

    private static void writeInterval(DataOutputStream out, IntervalSample interval) throws IOException {
        out.writeLong(interval.startNs());
        out.writeLong(interval.count());
        out.writeLong(interval.p50Ns());
        out.writeLong(interval.p99Ns());
        out.writeLong(interval.maxNs());
    }

    private static IntervalSample readInterval(DataInputStream in) throws IOException {
        return new IntervalSample(in.readLong(), in.readLong(), in.readLong(), in.readLong(), in.readLong());
    }

    private static void writeSlot(DataOutputStream out, DueSlot slot) throws IOException {
        out.writeLong(slot.startNs());
        writeErrors(out, slot.errors());
        byte[] latency = slot.latency().encoded();
        out.writeInt(latency.length);
        out.write(latency);
    }

    private static DueSlot readSlot(DataInputStream in) throws IOException {
        long startNs = in.readLong();
        Map<LoadError, Long> errors = readErrors(in);
        byte[] latency = new byte[in.readInt()];
        in.readFully(latency);
        return new DueSlot(startNs, errors, LatencyCounts.decoded(latency));
    }

    // ---- parts ------------------------------------------------------------------------------------------------------

    private static void writeDuration(DataOutputStream out, Duration duration) throws IOException {
        out.writeLong(duration.toNanos());
    }

    private static Duration readDuration(DataInputStream in) throws IOException {
        return Duration.ofNanos(in.readLong());
    }

    private static <T> void writeList(DataOutputStream out, List<T> list, Writer<T> writer) throws IOException {
        out.writeInt(list.size());
        for (T value : list) writer.write(out, value);
    }

    private static <T> List<T> readList(DataInputStream in, Reader<T> reader) throws IOException {
        int count = in.readInt();
        List<T> list = new ArrayList<>();
        for (int i = 0; i < count; i++) list.add(reader.read(in));
        return list;
    }
}
