package dev.headgate.tls.context;

import dev.headgate.tls.credential.Credential;
import dev.headgate.tls.credential.KeyKind;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;

/**
 * Handshakes in memory, between a server's settings and a client of our own, so that the JVM has compiled what they take before clients wait for it: the
 * first handshake of a JVM takes a hundred times as long as the thousandth. Nothing that it makes is seen outside, and no session of it can be resumed.
 *
 * <p>Used by one thread, which is better not a loop.
 */
public final class WarmUp {
    /** An address is no server name, so the server shows its default. */
    private static final String NOBODY = "192.0.2.1";

    private static final int SMALL_BYTES = 1024;
    private static final int SMALL_RECORDS = 8;
    private static final int LARGE_BYTES = 16 * 1024;
    private static final int RECORD_BYTES_MAX = LARGE_BYTES + 2048 + 5;
    private static final int STEPS_MAX = 100;

    private final List<ServerContext> servers;
    private final ClientContext client;
    private final List<String> versions;
    private final ByteBuffer empty = ByteBuffer.allocate(0);
    private final ByteBuffer plain = ByteBuffer.allocateDirect(LARGE_BYTES);
    private final ByteBuffer read = ByteBuffer.allocateDirect(2 * RECORD_BYTES_MAX);
    private final ByteBuffer toServer = ByteBuffer.allocate(4 * RECORD_BYTES_MAX);
    private final ByteBuffer toClient = ByteBuffer.allocate(4 * RECORD_BYTES_MAX);
    private int rounds;

    private WarmUp(List<ServerContext> servers, ClientContext client, List<String> versions) {
        this.servers = servers;
        this.client = client;
        this.versions = versions;
    }

    /**
     * Prepares handshakes of all versions that {@code settings} take, with a credential of each kind in {@code identities}.
     *
     * @throws GeneralSecurityException when the provider has no TLS, or cannot be used
     */
    public static WarmUp of(ServerSettings settings, Identities identities) throws GeneralSecurityException {
        return of(settings, identities, ClientSettings.trustingEveryone(settings.protocols()));
    }

    /** With a client that judges the server, as it does in whole handshakes alone. */
    static WarmUp of(ServerSettings settings, Identities identities, ClientSettings client)
            throws GeneralSecurityException {
        List<ServerContext> servers = new ArrayList<>();
        Set<KeyKind> kinds = EnumSet.noneOf(KeyKind.class);
        for (Credential credential : identities.all()) {
            if (kinds.add(credential.kind())) {
                servers.add(ServerContext.create(settings, Identities.of(List.of(credential))));
            }
        }
        return new WarmUp(
                servers,
                ClientContext.create(client.withProfile(settings.profile())),
                List.of(settings.profile().versions()));
    }

    /**
     * Makes a whole handshake of each version with each kind of key, and a resumed one, with a few records on each connection.
     *
     * @return handshakes that were made
     * @throws SSLException when client and server do not come together
     */
    public int round() throws SSLException {
        int key = 1 + rounds++ % 1000; // Another one than last time, so no session is known.
        int made = 0;
        for (ServerContext server : servers) {
            for (String version : versions) {
                connect(server, version, key);
                connect(server, version, key);
                made += 2;
            }
            key += 1000;
        }
        return made;
    }

    private void connect(ServerContext context, String version, int sessionKey) throws SSLException {
        SSLEngine own = client.newEngine(NOBODY, sessionKey);
        own.setEnabledProtocols(new String[] {version});
        SSLEngine server = context.newEngine();
        toServer.clear().limit(0);
        toClient.clear().limit(0);
        own.beginHandshake();
        int steps = 0;
        while (isBusy(own) || isBusy(server)) {
            advance(own, toServer, toClient);
            advance(server, toClient, toServer);
            if (++steps > STEPS_MAX) {
                throw new SSLException("the handshake does not end");
            }
        }
        for (int i = 0; i < SMALL_RECORDS; i++) {
            exchange(own, toServer, server, SMALL_BYTES);
            exchange(server, toClient, own, SMALL_BYTES);
        }
        exchange(own, toServer, server, LARGE_BYTES);
        exchange(server, toClient, own, LARGE_BYTES);
        own.closeOutbound();
        server.closeOutbound();
        advance(own, toServer, toClient);
        advance(server, toClient, toServer);
    }

    private static boolean isBusy(SSLEngine engine) {
        return engine.getHandshakeStatus() != HandshakeStatus.NOT_HANDSHAKING;
    }

    /** Goes on as far as {@code engine} does with what has come {@code in}. */
    private void advance(SSLEngine engine, ByteBuffer out, ByteBuffer in) throws SSLException {
        boolean isMoving = true;
        while (isMoving) {
            switch (engine.getHandshakeStatus()) {
                case NEED_TASK -> {
                    for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
                        task.run();
                    }
                }
                case NEED_WRAP -> isMoving = protect(engine, empty, out);
                default -> isMoving = in.hasRemaining() && unprotect(engine, in);
            }
        }
    }

    /** Sends {@code count} bytes through both engines. */
    private void exchange(SSLEngine from, ByteBuffer wire, SSLEngine to, int count) throws SSLException {
        plain.clear().limit(count);
        boolean isMoving = true;
        while (isMoving) {
            isMoving = plain.hasRemaining() && protect(from, plain, wire);
            while (wire.hasRemaining() && unprotect(to, wire)) {
                isMoving = true;
            }
        }
    }

    /** Puts a record behind those in {@code wire}, which is ready to be read; answers whether there was one to make. */
    private static boolean protect(SSLEngine engine, ByteBuffer bytes, ByteBuffer wire) throws SSLException {
        wire.compact();
        try {
            return engine.wrap(bytes, wire).bytesProduced() > 0;
        } finally {
            wire.flip();
        }
    }

    /** Takes a record from {@code wire}; answers whether there was a whole one. */
    private boolean unprotect(SSLEngine engine, ByteBuffer wire) throws SSLException {
        return engine.unwrap(wire, read.clear()).bytesConsumed() > 0;
    }
}
