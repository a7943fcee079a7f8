package dev.headgate.cli;

import dev.headgate.Headgate;
import dev.headgate.HeadgateOptions;
import dev.headgate.HeadgateStartException;
import dev.headgate.config.Address;
import dev.headgate.config.ListenerConfig;
import dev.headgate.config.LogConfig;
import dev.headgate.config.ProxyConfig;
import dev.headgate.config.StateFolder;
import dev.headgate.observe.StreamLogger;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Starts proxies through the embedding API. */
final class HeadgateLauncher implements Launcher {
    private final PrintStream errorLog;

    HeadgateLauncher(PrintStream errorLog) {
        this.errorLog = errorLog;
    }

    @Override
    public RunningProxy launch(ProxyConfig config, StateFolder state) throws LaunchException {
        var logger = new StreamLogger(errorLog, levelOf(config.log().level()), System::currentTimeMillis);
        try {
            return new Running(
                    config,
                    Headgate.start(config, HeadgateOptions.loggingTo(logger).withState(state)));
        } catch (HeadgateStartException e) {
            LaunchException.Kind kind = switch (e.kind()) {
                case PORT_TAKEN -> LaunchException.Kind.PORT_TAKEN;
                case ADDRESS_UNUSABLE, LOG_UNUSABLE, ENDPOINTS_UNUSABLE, FOLDER_UNUSABLE ->
                    LaunchException.Kind.ENVIRONMENT;
                case CERTIFICATE_UNUSABLE -> LaunchException.Kind.CERTIFICATE;
            };
            throw new LaunchException(kind, String.valueOf(e.getMessage()), e);
        }
    }

    private static System.Logger.Level levelOf(LogConfig.Level level) {
        return switch (level) {
            case ERROR -> System.Logger.Level.ERROR;
            case WARNING -> System.Logger.Level.WARNING;
            case INFO -> System.Logger.Level.INFO;
            case DEBUG -> System.Logger.Level.DEBUG;
        };
    }

    /**
     * A proxy that was launched.
     *
     * @param config what it was launched with
     */
    private record Running(ProxyConfig config, Headgate proxy) implements RunningProxy {
        @Override
        public List<BoundListener> listeners() {
            List<BoundListener> bound = new ArrayList<>();
            for (int i = 0; i < config.listeners().size(); i++) {
                ListenerConfig listener = config.listeners().get(i);
                SocketAddress address = proxy.listeners().get(i).address();
                bound.add(new BoundListener(listener.name(), textOf(listener.address(), address)));
            }
            return bound;
        }

        /** The address as it was configured, with the port that the system chose. */
        private static String textOf(Address configured, SocketAddress bound) {
            return configured instanceof Address.Tcp tcp && bound instanceof InetSocketAddress inet
                    ? new Address.Tcp(tcp.host(), inet.getPort()).toString()
                    : configured.toString();
        }

        @Override
        public void warmUp() {
            proxy.warmUp();
        }

        @Override
        public void drain(Duration limit) {
            proxy.drain(limit);
        }

        @Override
        public void close() {
            proxy.close();
        }

        @Override
        public void awaitTermination() throws InterruptedException {
            proxy.awaitTermination();
        }
    }
}
