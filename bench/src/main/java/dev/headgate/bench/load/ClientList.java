package dev.headgate.bench.load;

import dev.headgate.engine.HotPath;
import dev.headgate.engine.LoopConfined;
import org.jspecify.annotations.Nullable;

/** An intrusive list of clients; a client is in one at most. */
@HotPath
@LoopConfined
final class ClientList {
    private @Nullable Client first;
    private @Nullable Client last;
    private int length;

    @Nullable
    Client first() {
        return first;
    }

    int length() {
        return length;
    }

    void addLast(Client client) {
        assert client.list == null;
        client.list = this;
        client.previous = last;
        if (last == null) {
            first = client;
        } else {
            last.next = client;
        }
        last = client;
        length++;
    }

    void addFirst(Client client) {
        assert client.list == null;
        client.list = this;
        client.next = first;
        if (first == null) {
            last = client;
        } else {
            first.previous = client;
        }
        first = client;
        length++;
    }

    void remove(Client client) {
        assert client.list == this;
        Client before = client.previous;
        Client after = client.next;
        if (before == null) {
            first = after;
        } else {
            before.next = after;
        }
        if (after == null) {
            last = before;
        } else {
            after.previous = before;
        }
        client.previous = null;
        client.next = null;
        client.list = null;
        length--;
    }

    @Nullable
    Client removeFirst() {
        Client client = first;
        if (client != null) {
            remove(client);
        }
        return client;
    }
}
