package dev.headgate.resolve;

import dev.headgate.engine.Immutable;

/** What the files of the system say, as they were last read. */
@Immutable
record NameSettings(ResolvConf conf, HostsFile hosts) {}
