package dev.headgate.testkit.peer;

import dev.headgate.testkit.Await;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.Cipher;
import javax.crypto.KeyAgreement;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * A blocking client of TLS 1.2 that makes its records itself, also those that no engine makes: ECDHE with X25519, ECDSA, AES-128-GCM (RFC 5246,
 * 5288, 8422). It believes every server.
 */
public final class RecordClient implements AutoCloseable {
    public static final int CHANGE_CIPHER_SPEC = 20;
    public static final int ALERT = 21;
    public static final int HANDSHAKE = 22;
    public static final int APPLICATION_DATA = 23;

    private static final int CLIENT_HELLO = 1;
    private static final int SERVER_HELLO = 2;
    private static final int SERVER_KEY_EXCHANGE = 12;
    private static final int SERVER_HELLO_DONE = 14;
    private static final int CLIENT_KEY_EXCHANGE = 16;
    private static final int FINISHED = 20;

    private static final int MESSAGE_HEADER_BYTES = 4; // type and length
    private static final int MESSAGE_LENGTH_MASK = 0xFFFFFF;
    private static final int RANDOM_BYTES = 32;
    private static final int POINT_BYTES = 32;
    private static final int MASTER_BYTES = 48;
    private static final int FINISHED_BYTES = 12;
    private static final int KEY_BYTES = 16;
    private static final int SALT_BYTES = 4;
    private static final int NONCE_BYTES = 8;
    private static final int TAG_BITS = 128;

    /** Version, and a random of zeros; no session; ECDHE-ECDSA with AES-128-GCM and SHA-256; no compression; x25519, and P-256 for the
     * certificate; ecdsa_secp256r1_sha256. */
    private static final String HELLO = "0303" + "00".repeat(RANDOM_BYTES) + "00" + "0002c02b" + "0100" + "0012"
            + "000a00060004001d0017" + "000d000400020403";

    /** What stands before the 32 bytes of a public key of X25519 (RFC 8410). */
    private static final byte[] X25519 = HexFormat.of().parseHex("302a300506032b656e032100");

    private final Socket socket;
    private final DataInputStream in;
    private final ByteArrayOutputStream transcript = new ByteArrayOutputStream();
    private int sentBytes;
    private byte[] messages = new byte[0]; // of the server's handshake, that have come
    private byte[] serverRandom = new byte[0];
    private byte[] serverPoint = new byte[0];
    private @Nullable Direction sending; // once protected
    private @Nullable Direction receiving;

    /** What one direction is protected with. */
    private static final class Direction {
        final SecretKeySpec key;
        final byte[] salt;
        long sequence;

        Direction(byte[] block, int keyOffset, int saltOffset) {
            this.key = new SecretKeySpec(block, keyOffset, KEY_BYTES, "AES");
            this.salt = Arrays.copyOfRange(block, saltOffset, saltOffset + SALT_BYTES);
        }

        Cipher cipher(int mode, int type, byte[] nonce, int plainLength) throws GeneralSecurityException {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, joined(salt, nonce)));
            ByteBuffer header = ByteBuffer.allocate(13).putLong(sequence++).put((byte) type);
            cipher.updateAAD(header.putShort((short) 0x0303)
                    .putShort((short) plainLength)
                    .array());
            return cipher;
        }
    }

    private RecordClient(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new DataInputStream(socket.getInputStream());
        socket.setSoTimeout((int) Await.DEADLINE.toMillis());
        socket.setTcpNoDelay(true);
    }

    /** Connects, and says nothing yet. */
    public static RecordClient connect(int port) throws IOException {
        return new RecordClient(new Socket(InetAddress.getLoopbackAddress(), port));
    }

    /** The first half of a handshake: says hello, and reads all that the server has to say to it. */
    public RecordClient greet() throws IOException {
        send(record(HANDSHAKE, message(CLIENT_HELLO, HexFormat.of().parseHex(HELLO))));
        byte[] message = nextMessage();
        while (message[0] != SERVER_HELLO_DONE) {
            if (message[0] == SERVER_HELLO) serverRandom = Arrays.copyOfRange(message, 6, 6 + RANDOM_BYTES);
            if (message[0] == SERVER_KEY_EXCHANGE) serverPoint = Arrays.copyOfRange(message, 8, 8 + POINT_BYTES);
            message = nextMessage();
        }
        return this;
    }

    /** The next message of the server's handshake, over as many records as it takes. */
    private byte[] nextMessage() throws IOException {
        while (messages.length < MESSAGE_HEADER_BYTES || messages.length < messageLength()) {
            messages = joined(messages, content(HANDSHAKE));
        }
        byte[] next = Arrays.copyOf(messages, messageLength());
        messages = Arrays.copyOfRange(messages, next.length, messages.length);
        transcript.writeBytes(next);
        return next;
    }

    private int messageLength() {
        return MESSAGE_HEADER_BYTES + (ByteBuffer.wrap(messages).getInt() & MESSAGE_LENGTH_MASK);
    }

    /** The other half. */
    public RecordClient finish() throws IOException {
        try {
            KeyPair own = KeyPairGenerator.getInstance("X25519").generateKeyPair();
            byte[] encoded = own.getPublic().getEncoded();
            byte[] point = Arrays.copyOfRange(encoded, X25519.length, encoded.length);
            send(record(HANDSHAKE, message(CLIENT_KEY_EXCHANGE, joined(new byte[] {POINT_BYTES}, point))));
            PublicKey servers = KeyFactory.getInstance("X25519")
                    .generatePublic(new X509EncodedKeySpec(joined(X25519, serverPoint)));
            KeyAgreement agreement = KeyAgreement.getInstance("X25519");
            agreement.init(own.getPrivate());
            agreement.doPhase(servers, true);
            byte[] clientRandom = new byte[RANDOM_BYTES];
            byte[] master = derived(
                    agreement.generateSecret(), "master secret", joined(clientRandom, serverRandom), MASTER_BYTES);
            byte[] block =
                    derived(master, "key expansion", joined(serverRandom, clientRandom), 2 * (KEY_BYTES + SALT_BYTES));
            send(record(CHANGE_CIPHER_SPEC, new byte[] {1}));
            sending = new Direction(block, 0, 2 * KEY_BYTES);
            byte[] seen = MessageDigest.getInstance("SHA-256").digest(transcript.toByteArray());
            send(record(HANDSHAKE, message(FINISHED, derived(master, "client finished", seen, FINISHED_BYTES))));
            content(CHANGE_CIPHER_SPEC);
            receiving = new Direction(block, KEY_BYTES, 2 * KEY_BYTES + SALT_BYTES);
            content(HANDSHAKE);
            return this;
        } catch (GeneralSecurityException e) {
            throw new IOException("the handshake has failed", e);
        }
    }

    /** One record; protected once the handshake is. */
    public byte[] record(int type, byte[] content) {
        byte[] sent = protectedContent(type, content);
        ByteBuffer record =
                ByteBuffer.allocate(5 + sent.length).put((byte) type).putShort((short) 0x0303);
        return record.putShort((short) sent.length).put(sent).array();
    }

    private byte[] protectedContent(int type, byte[] content) {
        Direction out = sending;
        if (out == null) return content;
        try {
            byte[] nonce =
                    ByteBuffer.allocate(NONCE_BYTES).putLong(out.sequence).array();
            return joined(
                    nonce,
                    out.cipher(Cipher.ENCRYPT_MODE, type, nonce, content.length).doFinal(content));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** So many records alike, to be sent as one. */
    public byte[] records(int count, int type, byte[] content) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int i = 0; i < count; i++) {
            all.writeBytes(record(type, content));
        }
        return all.toByteArray();
    }

    /** Sends bytes as they are. */
    public void send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        sentBytes += bytes.length;
    }

    /** All that has been sent. */
    public int sentBytes() {
        return sentBytes;
    }

    /** The data of the next record; empty at the end, however it comes. */
    public String receive() throws IOException {
        try {
            return new String(content(APPLICATION_DATA), StandardCharsets.ISO_8859_1);
        } catch (EOFException e) {
            return "";
        }
    }

    /** The content of the next record of that type; tickets are passed over. */
    private byte[] content(int type) throws IOException {
        while (true) {
            int found = in.readUnsignedByte();
            in.readShort();
            byte[] content = new byte[in.readUnsignedShort()];
            in.readFully(content);
            byte[] plain = plainContent(found, content);
            if (found == type) return plain;
            if (found == ALERT) throw new EOFException("alert " + HexFormat.of().formatHex(plain));
        }
    }

    private byte[] plainContent(int type, byte[] content) throws IOException {
        Direction from = receiving;
        if (from == null) return content;
        try {
            int length = content.length - NONCE_BYTES - TAG_BITS / 8;
            byte[] nonce = Arrays.copyOf(content, NONCE_BYTES);
            return from.cipher(Cipher.DECRYPT_MODE, type, nonce, length)
                    .doFinal(content, NONCE_BYTES, content.length - NONCE_BYTES);
        } catch (GeneralSecurityException e) {
            throw new IOException("a record that does not decrypt", e);
        }
    }

    /** A handshake message of ours, which counts for both sides' proofs. */
    private byte[] message(int type, byte[] body) {
        byte[] whole = ByteBuffer.allocate(4 + body.length)
                .putInt(type << 24 | body.length)
                .put(body)
                .array();
        transcript.writeBytes(whole);
        return whole;
    }

    /** The pseudorandom function (RFC 5246 §5). */
    private static byte[] derived(byte[] secret, String label, byte[] seed, int length)
            throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(secret, "HmacSHA256"));
        byte[] whole = joined(label.getBytes(StandardCharsets.US_ASCII), seed);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] step = whole;
        while (out.size() < length) {
            step = mac.doFinal(step);
            out.writeBytes(mac.doFinal(joined(step, whole)));
        }
        return Arrays.copyOf(out.toByteArray(), length);
    }

    private static byte[] joined(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
