package dev.headgate.bench.target;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Starts classes of this program in JVMs of their own, with the JDK and the modules, or the class path, that it runs with itself. */
public final class JavaCommand {
    private static final String MODULE = "dev.headgate.bench";

    private JavaCommand() {}

    /** The command line for {@code mainClass} of this module. */
    public static List<String> of(String mainClass, List<String> flags) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags);
        String modulePath = System.getProperty("jdk.module.path");
        if (modulePath == null || !JavaCommand.class.getModule().isNamed()) {
            command.addAll(List.of("-cp", System.getProperty("java.class.path"), mainClass));
        } else {
            command.addAll(List.of("-p", modulePath, "-m", MODULE + "/" + mainClass));
        }
        return command;
    }
}
