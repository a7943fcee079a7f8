/** Which endpoint takes the next attempt, and how many attempts there may be; knows no socket, loop or protocol. */
module dev.headgate.balancer {
    requires static transitive org.jspecify;

    exports dev.headgate.balancer;
    exports dev.headgate.balancer.breaker;
    exports dev.headgate.balancer.health;
    exports dev.headgate.balancer.policy;
}
