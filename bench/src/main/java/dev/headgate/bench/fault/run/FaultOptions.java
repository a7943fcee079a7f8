package dev.headgate.bench.fault.run;

import dev.headgate.bench.fault.FaultScenario;
import dev.headgate.bench.fault.FaultTimes;
import java.nio.file.Path;
import java.util.List;

/**
 * What was asked for.
 *
 * @param scenarios in the order in which they are played
 * @param targets names of proxies, in the order in which they take their turns
 * @param ratePerSecond requests per second
 * @param connections of the clients
 * @param times of each scenario
 * @param loops event loops, workers or threads of each proxy
 * @param javaOptions further flags of Headgate's JVM
 * @param out folder for results
 * @param commandLine as it was given
 */
public record FaultOptions(
        List<FaultScenario> scenarios,
        List<String> targets,
        int ratePerSecond,
        int connections,
        FaultTimes times,
        int loops,
        List<String> javaOptions,
        Path out,
        String commandLine) {
    public FaultOptions {
        scenarios = List.copyOf(scenarios);
        targets = List.copyOf(targets);
        javaOptions = List.copyOf(javaOptions);
    }
}
