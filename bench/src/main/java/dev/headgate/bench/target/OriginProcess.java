package dev.headgate.bench.target;

import dev.headgate.bench.scenario.Doors;
import dev.headgate.bench.target.Processes.Lifeline;
import dev.headgate.bench.target.Target.Started;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The built-in origin, in a process of its own. */
public final class OriginProcess {
    private static final String MAIN = "dev.headgate.bench.worker.OriginMain";
    private static final Duration START_MAX = Duration.ofSeconds(30);
    private static final int TRIES = 3;

    private OriginProcess() {}

    /**
     * Starts it; when this returns, it answers.
     *
     * @param prefix what comes before its command, to pin it
     * @param flags of its JVM
     */
    public static Started start(Processes processes, List<String> prefix, List<String> flags)
            throws IOException, InterruptedException {
        String lastWords = "";
        for (int i = 0; i < TRIES; i++) {
            Path folder = processes.folderOf("origin");
            int port = Ports.free();
            List<String> command = new ArrayList<>(prefix);
            command.addAll(JavaCommand.of(MAIN, flags));
            // One loop: it is to be a fast origin, and leave the rest of its processors to the generator.
            command.addAll(List.of(String.valueOf(port), "1"));
            ServerProcess process = processes.start("origin", command, Map.of(), folder, Lifeline.STANDARD_INPUT);
            if (Ports.awaitAnswer(port, process, START_MAX)) return new Started(Doors.both(port), process);
            processes.stop(process);
            lastWords = process.lastWords();
        }
        throw new IOException("the origin does not start: " + lastWords);
    }
}
