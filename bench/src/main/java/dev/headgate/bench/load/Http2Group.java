package dev.headgate.bench.load;

import dev.headgate.engine.LoopConfined;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Clients that share a connection, one after another: the next takes over when one takes no more requests. */
@LoopConfined
final class Http2Group {
    final List<Http2Client> clients = new ArrayList<>();
    private final ClientKit kit;
    private final Http2Kit http2;
    private final int sessionKey;
    private @Nullable Http2Link current;

    Http2Group(ClientKit kit, Http2Kit http2) {
        this.kit = kit;
        this.http2 = http2;
        this.sessionKey = kit.newSessionKey();
    }

    Http2Client newClient(Client.Owner owner) {
        Http2Client client = new Http2Client(kit, owner, this);
        clients.add(client);
        return client;
    }

    /** Puts a client on the connection of now, which is opened when there is none; answers whether it is. */
    boolean dial(Http2Client client) {
        Http2Link link = current;
        if (link != null) {
            link.attach(client);
            return false;
        }
        link = new Http2Link(kit, http2, this);
        current = link;
        link.attach(client);
        link.connect(sessionKey);
        return true;
    }

    /** The connection takes no more clients. */
    void forget(Http2Link link) {
        if (current == link) {
            current = null;
        }
    }
}
