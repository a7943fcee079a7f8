package dev.headgate.resolve;

import dev.headgate.config.Address;
import dev.headgate.config.ResolverConfig;
import dev.headgate.config.ResolverConfig.BySystem;
import dev.headgate.config.ResolverConfig.Servers;
import dev.headgate.engine.EventLoop;
import dev.headgate.engine.io.Io;
import dev.headgate.observe.DnsMetrics;
import dev.headgate.observe.ErrorLog;
import dev.headgate.observe.LogEvent;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes the one that a configuration wants. */
public final class NameServices {
    private static final int SYSTEM_THREADS = 2;

    private NameServices() {}

    /**
     * Reads the files of the system, for which it may wait.
     *
     * @param loop where questions are asked, by the client of our own
     */
    public static NameService open(
            ResolverConfig config, Io io, EventLoop loop, DnsMetrics metrics, ErrorLog errors, long nowNs) {
        ResolverOptions options = options(config);
        boolean isSystem = config.source() == BySystem.JDK
                || config.source() == BySystem.FILE && !io.files().exists(NameFiles.RESOLV_CONF);
        if (isSystem) {
            return new SystemNames(
                    io.resolver(), io.workPool("headgate-dns", SYSTEM_THREADS, config.lookUps()), options, metrics);
        }
        @Nullable Path hosts = config.hosts().isEmpty() ? null : Path.of(config.hosts());
        NameFiles files = config.source() instanceof Servers(List<Address.Tcp> addresses)
                ? new NameFiles(
                        io.files(),
                        telling(errors),
                        ResolvConf.of(addresses.stream()
                                .map(NameServices::socketAddress)
                                .toList()),
                        null,
                        hosts)
                : new NameFiles(io.files(), telling(errors), ResolvConf.parse(""), NameFiles.RESOLV_CONF, hosts);
        return new LoopNames(loop, io.secretChance(), options, metrics, files, nowNs);
    }

    private static NameFiles.Observer telling(ErrorLog errors) {
        return new NameFiles.Observer() {
            @Override
            public void onUnreadable(Path path, String failure) {
                errors.report(LogEvent.NAME_FILE_UNREADABLE, "file", path, "failure", failure);
            }

            @Override
            public void onReadable(Path path) {
                errors.report(LogEvent.NAME_FILE_READABLE, "file", path);
            }
        };
    }

    private static InetSocketAddress socketAddress(Address.Tcp server) {
        return new InetSocketAddress(InetAddress.ofLiteral(server.host()), server.port());
    }

    private static ResolverOptions options(ResolverConfig config) {
        return new ResolverOptions(
                config.timeoutNs(),
                config.attempts(),
                config.ttlMinNs(),
                config.ttlMaxNs(),
                config.ttlAbsenceNs(),
                config.answers(),
                config.queries(),
                config.lookUps());
    }
}
