package dev.headgate.affinity;

import dev.headgate.config.BalanceConfig.SameSite;
import dev.headgate.config.BalanceConfig.Secure;
import dev.headgate.config.BalanceConfig.Sticky;
import dev.headgate.engine.HotPath;
import dev.headgate.engine.Immutable;
import dev.headgate.http.Field;
import dev.headgate.http.FieldSection;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import javax.crypto.KeyGenerator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * The cookie by which a client tells the proxy which endpoint has served it. Its value is a code of upstream and endpoint under a secret key
 * (HMAC-SHA-256, the first half): who does not have the key learns nothing from it, and can make none. As there is one value for each
 * endpoint, they are made in advance, and a value that comes is compared with all of them, in a time that does not depend on it.
 */
@HotPath
@Immutable
public final class StickyCookie {
    /** It names no endpoint. */
    public static final int NONE = -1;

    private static final String HMAC = "HmacSHA256";
    private static final int CODE_BYTES = 16;
    private static final int TOKEN_LENGTH = 22; // base64 of as many bytes, without padding
    private static final int WORD_BYTES = 8;
    private static final int WORDS = 3; // the last one overlaps the one before
    private static final int LAST_WORD_OFFSET = TOKEN_LENGTH - WORD_BYTES;
    private static final long NS_PER_S = 1_000_000_000L;

    private final String upstream;
    private final Sticky.Cookie config;
    private final CookiePairs pairs;
    private final List<@Nullable String> endpoints;
    private final long[] tokens; // three words for each slot
    private final byte[] @Nullable [] overTls; // values of Set-Cookie; null for an empty slot
    private final byte[] @Nullable [] inPlain; // likewise

    /** A key that is made at the first need, and lasts as long as the process: a reload does not change it. */
    private static final class ProcessKey {
        static final byte[] BYTES = made();

        private ProcessKey() {}

        /** By the JDK, as other keys are: what chance there is besides is not for secrets. */
        private static byte[] made() {
            try {
                return KeyGenerator.getInstance(HMAC).generateKey().getEncoded();
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every Java platform has " + HMAC, e);
            }
        }
    }

    /** @param endpoints identities by slot; null for an empty one */
    public StickyCookie(String upstream, Sticky.Cookie config, List<@Nullable String> endpoints) {
        this.upstream = upstream;
        this.config = config;
        this.pairs = new CookiePairs(config.name().getBytes(StandardCharsets.US_ASCII));
        this.endpoints = endpoints;
        this.tokens = new long[WORDS * endpoints.size()];
        this.overTls = new byte[endpoints.size()][];
        this.inPlain = new byte[endpoints.size()][];
        boolean isSecureAnyway =
                config.secure() == Secure.YES || config.secure() == Secure.AUTO && config.sameSite() == SameSite.NONE;
        byte[] key = config.secret()
                .map(secret -> new String(secret.reveal()).getBytes(StandardCharsets.UTF_8))
                .orElseGet(() -> ProcessKey.BYTES);
        for (int slot = 0; slot < endpoints.size(); slot++) {
            String endpoint = endpoints.get(slot);
            if (endpoint == null) {
                continue;
            }
            String token = token(key, upstream, endpoint);
            ByteBuffer bytes = ByteBuffer.wrap(token.getBytes(StandardCharsets.US_ASCII));
            for (int word = 0; word < WORDS; word++) {
                tokens[WORDS * slot + word] = word(bytes, wordOffset(word));
            }
            overTls[slot] = line(config, token, config.secure() != Secure.NO);
            inPlain[slot] = line(config, token, isSecureAnyway);
        }
    }

    /** The same cookie while these are the endpoints. */
    public StickyCookie forEndpoints(List<@Nullable String> others) {
        return others.equals(endpoints) ? this : new StickyCookie(upstream, config, others);
    }

    private static String token(byte[] key, String upstream, String endpoint) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(key, HMAC));
            byte[] code = mac.doFinal((upstream + '\n' + endpoint).getBytes(StandardCharsets.UTF_8));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(code, CODE_BYTES));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + HMAC, e);
        }
    }

    private static byte[] line(Sticky.Cookie config, String token, boolean isSecure) {
        StringBuilder line = new StringBuilder(config.name()).append('=').append(token);
        line.append("; Path=").append(config.path());
        if (config.ttlNs() > 0) {
            line.append("; Max-Age=").append(Math.max(1, config.ttlNs() / NS_PER_S));
        }
        if (config.httpOnly()) {
            line.append("; HttpOnly");
        }
        if (isSecure) {
            line.append("; Secure");
        }
        line.append(
                switch (config.sameSite()) {
                    case LAX -> "; SameSite=Lax";
                    case STRICT -> "; SameSite=Strict";
                    case NONE -> "; SameSite=None";
                });
        return line.toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    /**
     * Takes the cookie out of a retained request.
     *
     * @return the slot of the endpoint that it names, or {@link #NONE}
     */
    public int takeFrom(FieldSection request) {
        long value = pairs.find(request);
        if (value == CookiePairs.NONE) {
            pairs.strip(request); // There may be empty ones.
            return NONE;
        }
        int slot = slotOf(request.bytes(), (int) (value >>> 32), (int) value);
        pairs.strip(request);
        return slot;
    }

    private int slotOf(ByteBuffer bytes, int offset, int length) {
        if (length != TOKEN_LENGTH) {
            return NONE;
        }
        long first = word(bytes, offset + wordOffset(0));
        long second = word(bytes, offset + wordOffset(1));
        long third = word(bytes, offset + wordOffset(2));
        int found = NONE;
        for (int slot = 0; slot < overTls.length; slot++) {
            int at = WORDS * slot;
            long difference = first ^ tokens[at] | second ^ tokens[at + 1] | third ^ tokens[at + 2];
            found = difference == 0 && overTls[slot] != null ? slot : found;
        }
        return found;
    }

    private static int wordOffset(int word) {
        return Math.min(WORD_BYTES * word, LAST_WORD_OFFSET);
    }

    /** Byte by byte, for the order of a buffer's words may be any. */
    private static long word(ByteBuffer bytes, int offset) {
        long word = 0;
        for (int i = 0; i < WORD_BYTES; i++) {
            word = word << 8 | bytes.get(offset + i) & 0xff;
        }
        return word;
    }

    /**
     * Has the client come back to the endpoint in {@code slot}.
     *
     * @param cameByTls whether its request came by HTTPS
     * @return false when the store has no room, or the endpoint has left meanwhile
     */
    public boolean addTo(FieldSection response, int slot, boolean cameByTls) {
        byte[] line = slot >= overTls.length ? null : cameByTls ? overTls[slot] : inPlain[slot];
        return line != null && response.add(Field.SET_COOKIE, line, 0, line.length);
    }
}
