package dev.headgate.testkit.sim;

import dev.headgate.testkit.dns.DnsAsked;
import dev.headgate.testkit.dns.DnsMessage;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.List;
import java.util.function.Consumer;

/** Answers for the names of a run in datagrams, with the same faults as {@link SimNames}, and those that datagrams have. */
final class SimNameServer implements SimIo.DatagramHost {
    private static final int TTL_MAX_SECONDS = 3;

    private final SimIo io;
    private final SimNames names;
    private final SimChance chance;

    SimNameServer(SimIo io, SimNames names) {
        this.io = io;
        this.names = names;
        this.chance = io.simulator().chance().fork();
    }

    @Override
    public void onDatagram(byte[] content, Consumer<byte[]> answer) {
        DnsAsked asked = DnsAsked.read(content);
        byte[] message = message(asked).bytes();
        io.simulator().trace("dns-answer", asked.type(), message.length, asked.name());
        io.simulator().after(names.durationNs(), () -> answer.accept(message));
    }

    private DnsMessage message(DnsAsked asked) {
        List<InetAddress> found = names.find(asked.name());
        DnsMessage message = DnsMessage.answerTo(asked);
        if (chance.oneIn(io.faults().dnsFailsOneIn())) {
            return message.code(chance.oneOf(DnsMessage.SERVER_FAILURE, DnsMessage.REFUSED, DnsMessage.NO_SUCH_NAME));
        }
        if (found.isEmpty()) {
            return message.code(DnsMessage.NO_SUCH_NAME);
        }
        int ttl = chance.between(0, TTL_MAX_SECONDS);
        for (InetAddress address : found) {
            int type = address instanceof Inet4Address ? DnsMessage.A : DnsMessage.AAAA;
            if (type == asked.type()) {
                message.record(0, asked.name(), type, 1, ttl, address.getAddress());
            }
        }
        return message;
    }
}
