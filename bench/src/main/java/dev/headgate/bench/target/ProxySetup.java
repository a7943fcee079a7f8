package dev.headgate.bench.target;

import java.nio.file.Path;

/**
 * What every proxy is configured for.
 *
 * @param listenPort on 127.0.0.1
 * @param originPort on 127.0.0.1, where everything is forwarded to
 * @param loops event loops, workers or threads
 * @param connectionsMax client connections that must find room
 * @param folder for whatever files it writes
 */
public record ProxySetup(int listenPort, int originPort, int loops, int connectionsMax, Path folder) {}
