package dev.headgate.bench.fault.run;

import dev.headgate.bench.target.FoundProgram;
import dev.headgate.bench.target.Processes;
import dev.headgate.bench.target.Processes.Lifeline;
import dev.headgate.bench.target.ServerProcess;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.PortUnreachableException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** dnsmasq, which knows {@link Backends#NAME} and nothing else, and says that it holds for a second. */
final class NameServer implements AutoCloseable {
    static final String PROGRAM = "dnsmasq";

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final long PAUSE_MS = 5;
    private static final int ANSWER_MS_MAX = 200;
    private static final int ANSWER_BYTES_MAX = 512;
    private static final int ADDRESS_BYTES = 4;

    private final Processes processes;
    private final ServerProcess process;
    private final Path hosts;
    private final int port;

    private NameServer(Processes processes, ServerProcess process, Path hosts, int port) {
        this.processes = processes;
        this.process = process;
        this.hosts = hosts;
        this.port = port;
    }

    static boolean isInstalled() {
        return FoundProgram.locate(PROGRAM).isPresent();
    }

    /** Starts one; when this returns, the name leads to these addresses of IPv4. */
    static NameServer start(Processes processes, List<InetAddress> addresses) throws IOException, InterruptedException {
        Path program = FoundProgram.locate(PROGRAM).orElseThrow(() -> new IOException(PROGRAM + " is not installed"));
        Path folder = processes.folderOf("names");
        Path hosts = Files.writeString(folder.resolve("hosts"), lines(addresses));
        int port = freePort();
        List<String> command = List.of(
                program.toString(),
                "--keep-in-foreground",
                "--conf-file=/dev/null",
                "--no-resolv",
                "--no-hosts",
                "--addn-hosts=" + hosts,
                "--local-ttl=1",
                "--port=" + port,
                "--listen-address=127.0.0.1",
                "--bind-interfaces",
                "--pid-file=",
                "--log-facility=-",
                // Otherwise the superuser's would become nobody, who cannot read the file.
                "--user=" + System.getProperty("user.name"));
        ServerProcess process = processes.start(PROGRAM, command, Map.of(), folder, Lifeline.PARENT);
        NameServer names = new NameServer(processes, process, hosts, port);
        names.awaitAnswer(addresses);
        return names;
    }

    private static int freePort() throws IOException {
        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    int port() {
        return port;
    }

    /** Has the name lead to these addresses of IPv4 alone; when this returns, it does. */
    void lead(List<InetAddress> addresses) throws IOException, InterruptedException {
        Files.writeString(hosts, lines(addresses));
        process.signal("HUP");
        awaitAnswer(addresses);
    }

    private static String lines(List<InetAddress> addresses) {
        return addresses.stream()
                .map(address -> address.getHostAddress() + " " + Backends.NAME + "\n")
                .collect(Collectors.joining());
    }

    private void awaitAnswer(List<InetAddress> addresses) throws IOException, InterruptedException {
        Set<String> wanted = addresses.stream().map(InetAddress::getHostAddress).collect(Collectors.toSet());
        long deadlineNs = System.nanoTime() + PATIENCE.toNanos();
        while (!ask().equals(wanted)) {
            if (!process.isRunning()) throw new IOException(PROGRAM + " " + process.end());
            if (System.nanoTime() - deadlineNs > 0) throw new IOException(PROGRAM + " does not say what it should");
            Thread.sleep(PAUSE_MS);
        }
    }

    /** The addresses that it answers with; none when there is no answer yet. */
    private Set<String> ask() throws IOException {
        byte[] query = query();
        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            socket.connect(InetAddress.getLoopbackAddress(), port);
            socket.setSoTimeout(ANSWER_MS_MAX);
            socket.send(new DatagramPacket(query, query.length));
            DatagramPacket answer = new DatagramPacket(new byte[ANSWER_BYTES_MAX], ANSWER_BYTES_MAX);
            socket.receive(answer);
            return addresses(answer, query.length);
        } catch (SocketTimeoutException | PortUnreachableException e) {
            return Set.of();
        }
    }

    /** A question for addresses of IPv4 (RFC 1035 §4.1). */
    private static byte[] query() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        for (int word : new int[] {1, 0x0100, 1, 0, 0, 0}) out.writeShort(word); // id, recursion wanted, one question
        for (String label : Backends.NAME.split("\\.", -1)) {
            out.writeByte(label.length());
            out.write(label.getBytes(StandardCharsets.US_ASCII));
        }
        out.writeByte(0);
        out.writeShort(1); // A
        out.writeShort(1); // IN
        return bytes.toByteArray();
    }

    /** Of an answer that repeats the question: records whose name is a pointer, each 12 bytes and its address. */
    private static Set<String> addresses(DatagramPacket answer, int questionBytes) throws IOException {
        Set<String> addresses = new TreeSet<>();
        byte[] bytes = answer.getData();
        for (int at = questionBytes + 12; at + ADDRESS_BYTES <= answer.getLength(); at += 12 + ADDRESS_BYTES) {
            addresses.add(InetAddress.getByAddress(Arrays.copyOfRange(bytes, at, at + ADDRESS_BYTES))
                    .getHostAddress());
        }
        return addresses;
    }

    @Override
    public void close() {
        processes.stop(process);
    }
}
