package dev.headgate.cli;

import java.lang.module.ModuleDescriptor;
import java.util.Optional;

/** The version that the build wrote into the module's descriptor. */
final class Version {
    private Version() {}

    static String ofProgram() {
        return Optional.ofNullable(Version.class.getModule().getDescriptor())
                .flatMap(ModuleDescriptor::rawVersion)
                .orElse("(unpackaged)");
    }
}
