/** Scripted peers, byte assertions and measuring aids for tests; never on a production class path. */
module dev.headgate.testkit {
    requires jdk.management;
    requires static transitive org.jspecify;

    exports dev.headgate.testkit;
    exports dev.headgate.testkit.peer;
}
