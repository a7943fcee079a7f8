/** Scripted peers, a simulated outside world, byte assertions and measuring aids for tests; never on a production class path. */
module dev.headgate.testkit {
    requires transitive dev.headgate.engine;
    requires jdk.management;
    requires static transitive org.jspecify;

    exports dev.headgate.testkit;
    exports dev.headgate.testkit.dns;
    exports dev.headgate.testkit.h2;
    exports dev.headgate.testkit.memory;
    exports dev.headgate.testkit.peer;
    exports dev.headgate.testkit.sim;
}
