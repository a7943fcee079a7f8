package dev.headgate.cli;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;

/** How much direct memory the JVM grants. */
final class DirectMemory {
    private DirectMemory() {}

    /** The limit in bytes; the largest number when this JVM does not tell. */
    static long maxBytes() {
        HotSpotDiagnosticMXBean bean = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
        if (bean == null) return Long.MAX_VALUE;
        long flagBytes = Long.parseLong(bean.getVMOption("MaxDirectMemorySize").getValue());
        // Without the flag it is what the heap may have.
        return flagBytes > 0 ? flagBytes : Runtime.getRuntime().maxMemory();
    }
}
