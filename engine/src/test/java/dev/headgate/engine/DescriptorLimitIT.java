package dev.headgate.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** DOS-05: out of descriptors, with real ones. */
@Timeout(60)
@EnabledOnOs({OS.LINUX, OS.MAC})
class DescriptorLimitIT {
    @Test
    void keepsServingAndDoesNotSpinWhenDescriptorsRunOut() throws Exception {
        Process child = startChild();
        List<Socket> crowd = new ArrayList<>();
        try (BufferedReader answers = child.inputReader(StandardCharsets.US_ASCII)) {
            InetSocketAddress address =
                    new InetSocketAddress(TestEngine.anyPort().getAddress(), Integer.parseInt(answers.readLine()));
            try (Socket first = TestEngine.client(address)) {
                assertEchoes(first);
                for (int i = 0; i < 200; i++) {
                    crowd.add(TestEngine.client(address));
                }
                TestEngine.await("shedding", () -> ask(child, answers)[1] > 0);
                for (int i = 0; i < 1000; i++) {
                    assertEchoes(first);
                }
                assertTrue(ask(child, answers)[0] < 100, "accept failures stay few");
                for (Socket socket : crowd) {
                    socket.close();
                }
                try (Socket late = TestEngine.client(address)) {
                    assertEchoes(late);
                }
            }
        } finally {
            child.destroyForcibly();
        }
    }

    private static Process startChild() throws IOException {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        return new ProcessBuilder(
                        "sh",
                        "-c",
                        "ulimit -n 128; exec \"$0\" -XX:+UseSerialGC -Xmx64m -cp \"$1\" "
                                + DescriptorLimitChild.class.getName(),
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        classPath)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static int[] ask(Process child, BufferedReader answers) {
        try {
            child.getOutputStream().write('\n');
            child.getOutputStream().flush();
            String[] fields = answers.readLine().split(" ");
            return new int[] {Integer.parseInt(fields[0]), Integer.parseInt(fields[1])};
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void assertEchoes(Socket client) throws IOException {
        client.getOutputStream().write('x');
        assertEquals('x', client.getInputStream().read());
    }
}
