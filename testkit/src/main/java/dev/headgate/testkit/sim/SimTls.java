package dev.headgate.testkit.sim;

import java.security.KeyManagementException;
import java.security.Provider;
import java.security.SecureRandom;
import java.security.Security;
import java.util.Collections;
import java.util.Enumeration;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContextSpi;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * A provider of TLS (JSSE) for simulated worlds: records, the choice of an application protocol (RFC 7301), close_notify and alerts, and no protection. What
 * it does follows from its input alone, where true TLS would draw keys by chance.
 */
public final class SimTls extends Provider {
    /** By which a configuration asks for it. */
    public static final String NAME = "Simulated";

    private static final long serialVersionUID = 1L;

    @SuppressWarnings("this-escape") // To its own table of services only.
    private SimTls() {
        super(NAME, "1", "TLS without protection, for simulated worlds");
        putService(new Service(this, "SSLContext", "TLS", Context.class.getName(), null, null) {
            @Override
            public Object newInstance(@Nullable Object parameter) {
                return new Context();
            }
        });
    }

    /** Makes it one of the JVM's, behind all others. */
    public static void install() {
        if (Security.getProvider(NAME) == null) {
            Security.addProvider(new SimTls());
        }
    }

    /** Makes engines for clients. */
    private static final class Context extends SSLContextSpi {
        @Override
        protected void engineInit(
                KeyManager @Nullable [] keys, TrustManager @Nullable [] trust, @Nullable SecureRandom random)
                throws KeyManagementException {}

        @Override
        protected SSLEngine engineCreateSSLEngine() {
            return new SimTlsEngine();
        }

        @Override
        protected SSLEngine engineCreateSSLEngine(String host, int port) {
            return new SimTlsEngine();
        }

        @Override
        protected SSLSessionContext engineGetClientSessionContext() {
            return new Sessions();
        }

        @Override
        protected SSLSessionContext engineGetServerSessionContext() {
            return new Sessions();
        }

        @Override
        protected SSLSocketFactory engineGetSocketFactory() {
            throw new UnsupportedOperationException("engines only");
        }

        @Override
        protected SSLServerSocketFactory engineGetServerSocketFactory() {
            throw new UnsupportedOperationException("engines only");
        }
    }

    /** Sessions are never resumed. */
    private static final class Sessions implements SSLSessionContext {
        @Override
        public @Nullable SSLSession getSession(byte[] id) {
            return null;
        }

        @Override
        public Enumeration<byte[]> getIds() {
            return Collections.emptyEnumeration();
        }

        @Override
        public void setSessionTimeout(int seconds) {}

        @Override
        public int getSessionTimeout() {
            return 0;
        }

        @Override
        public void setSessionCacheSize(int size) {}

        @Override
        public int getSessionCacheSize() {
            return 0;
        }
    }
}
