package dev.headgate.bench.parts;

import dev.headgate.testkit.TestCertificates;
import dev.headgate.tls.context.Identities;
import dev.headgate.tls.context.ServerContext;
import dev.headgate.tls.context.ServerSettings;
import dev.headgate.tls.context.TlsProfile;
import dev.headgate.tls.credential.CredentialLimits;
import dev.headgate.tls.credential.CredentialReader;
import dev.headgate.tls.credential.CredentialResult;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;

/** A server's engine, with the settings that the proxy has, and nothing around it. */
final class BareEngine {
    private static final int BYTES_MAX = 256 << 10;

    private final SSLEngine engine;
    private final TlsClientInMemory client;
    private final byte[] request;
    private final ByteBuffer cipher = ByteBuffer.allocate(BYTES_MAX); // heap, as in the proxy
    private final ByteBuffer plain = ByteBuffer.allocateDirect(BYTES_MAX);
    private final ByteBuffer records = ByteBuffer.allocate(BYTES_MAX);
    private final ByteBuffer answer;
    private final ByteBuffer[] gather;

    /** @param answerBytes plain bytes of an answer */
    BareEngine(String version, byte[] request, int answerBytes, TestCertificates files)
            throws IOException, GeneralSecurityException {
        this.request = request.clone();
        this.answer = ByteBuffer.allocateDirect(answerBytes);
        ByteBuffer empty = ByteBuffer.allocate(0);
        this.gather = new ByteBuffer[] {answer, empty, empty, empty};
        var read = (CredentialResult.Ready) new CredentialReader(CredentialLimits.DEFAULTS)
                .readPem(Files.readAllBytes(files.chain()), Files.readAllBytes(files.key()), null, Instant.now());
        ServerSettings settings = ServerSettings.of(TlsProfile.INTERMEDIATE, List.of("http/1.1"));
        engine = ServerContext.create(settings, Identities.of(List.of(read.credential())))
                .newEngine();
        client = new TlsClientInMemory(version);
        handshake();
    }

    private void handshake() throws SSLException {
        for (int turn = 0; turn < 10; turn++) {
            cipher.clear().put(client.handshake()).flip();
            records.clear();
            goOn();
            client.receive(Arrays.copyOf(records.array(), records.position()));
        }
        client.plain();
        if (!client.isHandshakeDone()) throw new AssertionError("no handshake");
    }

    private void goOn() throws SSLException {
        while (true) {
            switch (engine.getHandshakeStatus()) {
                case NEED_TASK -> engine.getDelegatedTask().run();
                case NEED_WRAP -> engine.wrap(ByteBuffer.allocate(0), records);
                default -> {
                    if (!cipher.hasRemaining()) return;
                    engine.unwrap(cipher, plain.clear());
                }
            }
        }
    }

    /** The next request, protected. */
    byte[] request() throws SSLException {
        return client.protect(request);
    }

    /** Reads it, and makes the record of an answer: one call for each. */
    void serve(byte[] bytes) throws SSLException {
        cipher.clear().put(bytes).flip();
        plain.clear();
        engine.unwrap(cipher, plain);
        records.clear();
        answer.clear();
        engine.wrap(gather, 0, 1, records);
    }

    /** Checks that request and answer are whole, and makes ready for another. */
    void finish() throws SSLException {
        if (plain.position() != request.length || answer.hasRemaining()) throw new AssertionError("not in one record");
        client.receive(Arrays.copyOf(records.array(), records.position()));
        if (client.plain().length != answer.capacity()) throw new AssertionError("another answer");
    }
}
