/** RFC 9111 policy and store. */
module dev.headgate.cache {
    requires dev.headgate.http;
}
