package dev.headgate.bench.load;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes the clients of one owner: each with a connection, or so many on each that they share. */
final class ClientMaker {
    private final ClientKit kit;
    private final Client.Owner owner;
    private final List<Http2Group> groups = new ArrayList<>();
    private int made;

    /** @param clients so many are going to be made */
    ClientMaker(ClientKit kit, Client.Owner owner, int clients) {
        this.kit = kit;
        this.owner = owner;
        Http2Kit http2 = kit.http2;
        if (http2 != null) {
            for (int i = 0; i < clients; i += http2.streams()) {
                groups.add(new Http2Group(kit, http2));
            }
        }
    }

    /** Neighbours are on different connections, so that requests in turn go over all of them. */
    Client next() {
        Http2Group group = nextGroup();
        return group == null ? new ClientConnection(kit, owner, false) : group.newClient(owner);
    }

    private @Nullable Http2Group nextGroup() {
        return groups.isEmpty() ? null : groups.get(made++ % groups.size());
    }
}
