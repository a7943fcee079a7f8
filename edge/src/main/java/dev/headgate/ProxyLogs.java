package dev.headgate;

import dev.headgate.config.LogConfig;
import dev.headgate.config.ProxyConfig;
import dev.headgate.engine.io.FileAccess;
import dev.headgate.engine.io.Io;
import dev.headgate.engine.io.Runner;
import dev.headgate.observe.AccessLog;
import dev.headgate.observe.AccessLogWriter;
import dev.headgate.observe.ErrorLog;
import dev.headgate.observe.FileSink;
import dev.headgate.observe.LogAgent;
import dev.headgate.observe.LogSink;
import dev.headgate.observe.StreamSink;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A proxy's logs, with the thread that writes them. */
final class ProxyLogs {
    private static final long IDLE_NS = 20_000_000L;

    private final ErrorLog errors;
    private final @Nullable AccessLog access;
    private final LogAgent agent;
    private final Runner runner;

    private ProxyLogs(ErrorLog errors, @Nullable AccessLog access, Io io) {
        this.errors = errors;
        this.access = access;
        this.agent = new LogAgent(access, errors);
        this.runner = io.runner("headgate-log", agent, IDLE_NS);
    }

    /** @throws IOException when the access log's file cannot be opened */
    static ProxyLogs open(ProxyConfig config, HeadgateOptions options, int loops) throws IOException {
        LogSink sink = sink(config, options.io().files());
        ErrorLog errors = new ErrorLog(options.logger(), options.io().clock()::monotonicNs);
        AccessLog access = sink == null ? null : accessLog(config, sink, loops, errors);
        return new ProxyLogs(errors, access, options.io());
    }

    private static @Nullable LogSink sink(ProxyConfig config, FileAccess files) throws IOException {
        if (config.log().access().isEmpty()) {
            return null;
        }
        LogConfig.Target target = config.log().access().get().target();
        if (target instanceof LogConfig.Target.File(String path)) {
            return new FileSink(files, Path.of(path));
        }
        return target instanceof LogConfig.Target.Stderr ? StreamSink.standardError() : StreamSink.standardOutput();
    }

    private static AccessLog accessLog(ProxyConfig config, LogSink sink, int loops, ErrorLog errors) {
        LogConfig.AccessLog settings = config.log().access().orElseThrow();
        AccessLog.Format format = switch (settings.format()) {
            case JSON -> AccessLog.Format.JSON;
            case COMMON -> AccessLog.Format.COMMON;
            case COMBINED -> AccessLog.Format.COMBINED;
        };
        return new AccessLog(format, sink, loops, settings.bufferBytes(), errors);
    }

    ErrorLog errors() {
        return errors;
    }

    /** The access log of one loop, or null when there is none. */
    @Nullable
    AccessLogWriter accessWriter(int loopIndex) {
        return access == null ? null : access.writer(loopIndex);
    }

    void start() {
        runner.start();
    }

    void reopen() {
        if (access != null) {
            access.reopen();
        }
    }

    /** Writes what is left. */
    void stop(Duration timeout) throws InterruptedException {
        agent.stop();
        runner.wakeup();
        runner.awaitTermination(timeout.toNanos());
    }
}
