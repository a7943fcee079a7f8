package dev.headgate.testkit.sim;

/** How far a request and its response have come between the client and the proxy. */
interface Passage {
    /** Bytes of the request that the proxy has read. */
    long requestReadBytes();

    /** Bytes that the proxy has written to this client, or of this response where that can be told. */
    long responseWrittenBytes();

    /** Whether the proxy has ended its side: what it reads from here on it throws away. */
    boolean isEndedByProxy();

    /** Of a request that has the connection to itself while it lasts. */
    record OfConnection(Planned planned, PeerEnd client) implements Passage {
        @Override
        public long requestReadBytes() {
            return Math.min(client.readByProxyBytes(), planned.requestEnd) - planned.requestStart;
        }

        @Override
        public long responseWrittenBytes() {
            return client.writtenByProxyBytes();
        }

        @Override
        public boolean isEndedByProxy() {
            return client.isEndedByProxy(); // RFC 9112 §9.6
        }
    }
}
