package dev.headgate.fuzz.soak;

/** What a client has seen of one request in the end. */
enum Outcome {
    /** The origin's answer, complete and right. */
    ANSWERED,
    /** A complete answer of the proxy's own. */
    REFUSED,
    /** An answer that visibly ended early. */
    BROKEN,
    /** The end of the connection instead of an answer. */
    GONE,
    /** The client did not wait for it. */
    ABORTED,
    /** It stood behind the last request that its connection may serve. */
    UNSERVED
}
