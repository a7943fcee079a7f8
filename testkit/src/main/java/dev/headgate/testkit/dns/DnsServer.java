package dev.headgate.testkit.dns;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** A server over real sockets, UDP and TCP at one port of the loopback, that says what its scripts tell it and remembers what it was asked. */
public final class DnsServer implements AutoCloseable {
    private static final int TRIES = 20;

    private final DatagramSocket datagrams;
    private final ServerSocket connections;
    private final List<DnsAsked> asked = new CopyOnWriteArrayList<>();
    private final List<SocketAddress> askers = new CopyOnWriteArrayList<>();
    private volatile Script script;
    private volatile Function<DnsAsked, byte[]> tcpScript = asked -> new byte[0];

    /** What to do with a datagram. */
    public interface Script {
        /** @param reply sends datagrams to whoever has asked, or from elsewhere */
        void onQuery(DnsAsked asked, Reply reply);
    }

    /** How to answer. */
    public interface Reply {
        void send(byte[] message);

        /** Sends from another port than that which was asked. */
        void sendFromElsewhere(byte[] message);
    }

    private DnsServer(DatagramSocket datagrams, ServerSocket connections, Script script) {
        this.datagrams = datagrams;
        this.connections = connections;
        this.script = script;
        Thread.ofVirtual().name("dns-udp").start(this::receive);
        Thread.ofVirtual().name("dns-tcp").start(this::accept);
    }

    /** Listens at an ephemeral port. */
    public static DnsServer start(Script script) {
        try {
            for (int i = 0; ; i++) {
                var datagrams = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                try {
                    var connections = new ServerSocket(datagrams.getLocalPort(), 50, InetAddress.getLoopbackAddress());
                    return new DnsServer(datagrams, connections, script);
                } catch (BindException e) {
                    datagrams.close(); // The port is taken for TCP.
                    if (i == TRIES) {
                        throw e;
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Answers each query with one message. */
    public static DnsServer answering(Function<DnsAsked, DnsMessage> answers) {
        return start(says(answers));
    }

    public static Script says(Function<DnsAsked, DnsMessage> answers) {
        return (asked, reply) -> reply.send(answers.apply(asked).bytes());
    }

    /** What to do from now on. */
    public DnsServer script(Script next) {
        script = next;
        return this;
    }

    /** What to send over TCP, its length before it; nothing ends the connection. */
    public DnsServer tcpScript(Function<DnsAsked, byte[]> next) {
        tcpScript = next;
        return this;
    }

    public int port() {
        return datagrams.getLocalPort();
    }

    /** As a configuration names it. */
    public String address() {
        return "127.0.0.1:" + port();
    }

    /** All queries, in the order in which they came. */
    public List<DnsAsked> asked() {
        return List.copyOf(asked);
    }

    /** Where the queries over UDP came from. */
    public List<SocketAddress> askers() {
        return List.copyOf(askers);
    }

    private void receive() {
        byte[] buffer = new byte[4096];
        try {
            while (true) {
                var packet = new DatagramPacket(buffer, buffer.length);
                datagrams.receive(packet);
                DnsAsked query = DnsAsked.read(Arrays.copyOf(buffer, packet.getLength()));
                askers.add(packet.getSocketAddress());
                asked.add(query);
                script.onQuery(query, reply(packet.getSocketAddress()));
            }
        } catch (SocketException e) {
            // Closed.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Reply reply(SocketAddress to) {
        return new Reply() {
            @Override
            public void send(byte[] message) {
                sendFrom(datagrams, message);
            }

            @Override
            public void sendFromElsewhere(byte[] message) {
                try (var other = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
                    sendFrom(other, message);
                } catch (SocketException e) {
                    throw new UncheckedIOException(e);
                }
            }

            private void sendFrom(DatagramSocket socket, byte[] message) {
                try {
                    socket.send(new DatagramPacket(message, message.length, to));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        };
    }

    private void accept() {
        try {
            while (true) {
                Socket connection = connections.accept();
                Thread.ofVirtual().name("dns-connection").start(() -> serve(connection));
            }
        } catch (IOException e) {
            // Closed.
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            var in = new DataInputStream(connection.getInputStream());
            byte[] message = new byte[in.readUnsignedShort()];
            in.readFully(message);
            DnsAsked query = DnsAsked.read(message);
            asked.add(query);
            byte[] answer = tcpScript.apply(query);
            if (answer.length == 0) {
                return;
            }
            connection.getOutputStream().write(answer);
            connection.getOutputStream().flush();
            in.read(); // Until the other side has what it wants.
        } catch (IOException e) {
            // The other side has gone.
        }
    }

    @Override
    public void close() {
        datagrams.close();
        try {
            connections.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
