package dev.headgate.bench.run;

import dev.headgate.bench.scenario.Scenario;
import dev.headgate.bench.target.Variant;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * What was asked for, checked.
 *
 * @param scenarios in order
 * @param targets names, in order
 * @param variants of Headgate, measured behind the usual one
 * @param rounds that count
 * @param duration of each measurement
 * @param warmUp of each program before its first measurement that counts
 * @param rates of the latency scenario
 * @param connections of the usual load
 * @param idleMax idle connections at most, as far as the system allows
 * @param loops event loops, workers or threads of each proxy
 * @param javaOptions for all JVMs of Headgate
 * @param out folder for the results
 * @param commandLine as it was given, for the report
 */
public record Options(
        List<Scenario> scenarios,
        List<String> targets,
        List<Variant> variants,
        int rounds,
        Duration duration,
        Duration warmUp,
        List<Integer> rates,
        int connections,
        int idleMax,
        int activeMax,
        int loops,
        List<String> javaOptions,
        Path out,
        String commandLine) {
    public Options {
        scenarios = List.copyOf(scenarios);
        targets = List.copyOf(targets);
        variants = List.copyOf(variants);
        rates = List.copyOf(rates);
        javaOptions = List.copyOf(javaOptions);
    }
}
