package dev.headgate.bench.parts;

import com.sun.management.ThreadMXBean;
import dev.headgate.testkit.TestCertificates;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.security.GeneralSecurityException;

/** Says how many bytes of heap a request over TLS takes: in the proxy, and of these in the engine by itself. */
final class TlsCostChild {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int WINDOWS = 30;
    private static final int ROUNDS = 100;

    /** What is done for one request, of which only the middle part counts. */
    private interface Work {
        byte[] prepare() throws IOException;

        void measured(byte[] prepared) throws IOException;

        void finish() throws IOException;
    }

    private TlsCostChild() {}

    /** @param arguments a folder for files, the traffic, and the version of TLS */
    public static void main(String[] arguments) throws IOException, GeneralSecurityException {
        TestCertificates files = TestCertificates.in(Path.of(arguments[0]));
        Traffic traffic = Traffic.valueOf(arguments[1]);
        String version = arguments[2];
        try (TlsMemoryRun run = new TlsMemoryRun(traffic, version, files)) {
            BareEngine bare = new BareEngine(version, traffic.requests, run.answerBytes(), files);
            long ofEngine = leastBytes(of(bare));
            long ofProxy = leastBytes(of(run));
            System.out.println("proxy=" + ofProxy + " engine=" + ofEngine);
        }
    }

    private static Work of(TlsMemoryRun run) {
        return new Work() {
            @Override
            public byte[] prepare() throws IOException {
                return run.request();
            }

            @Override
            public void measured(byte[] prepared) {
                run.relay(prepared);
            }

            @Override
            public void finish() throws IOException {
                run.finish();
            }
        };
    }

    private static Work of(BareEngine engine) {
        return new Work() {
            @Override
            public byte[] prepare() throws IOException {
                return engine.request();
            }

            @Override
            public void measured(byte[] prepared) throws IOException {
                engine.serve(prepared);
            }

            @Override
            public void finish() throws IOException {
                engine.finish();
            }
        };
    }

    /** Of {@value #ROUNDS} requests: what is allocated for each of them is in every window, what happens now and then is not. */
    private static long leastBytes(Work work) throws IOException {
        long least = Long.MAX_VALUE;
        for (int window = 0; window < WINDOWS; window++) {
            long bytes = 0;
            for (int round = 0; round < ROUNDS; round++) {
                byte[] prepared = work.prepare();
                long before = THREADS.getCurrentThreadAllocatedBytes();
                work.measured(prepared);
                bytes += THREADS.getCurrentThreadAllocatedBytes() - before;
                work.finish();
            }
            least = Math.min(least, bytes);
        }
        return least / ROUNDS;
    }
}
