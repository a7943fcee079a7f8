package dev.headgate;

import dev.headgate.config.StateFolder;
import dev.headgate.engine.EngineOptions;
import dev.headgate.engine.Immutable;
import dev.headgate.engine.io.Io;
import dev.headgate.filter.Filter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an embedder adds to the configuration.
 *
 * @param filters code by route name, in the order in which requests pass it
 * @param logger where the error log goes
 * @param io the outside world
 * @param state where the proxy keeps what it makes itself; null: in memory
 */
@Immutable
public record HeadgateOptions(
        Map<String, List<Filter>> filters,
        System.Logger logger,
        Io io,
        @Nullable StateFolder state) {
    /** Without a place to keep anything. */
    public HeadgateOptions(Map<String, List<Filter>> filters, System.Logger logger, Io io) {
        this(filters, logger, io, null);
    }

    /** No filters; the error log goes to the platform's logger {@code dev.headgate}. */
    public static HeadgateOptions defaults() {
        return loggingTo(System.getLogger("dev.headgate"));
    }

    /** No filters; the error log goes to {@code logger}, and the platform's logging is left alone, which takes long to start. */
    public static HeadgateOptions loggingTo(System.Logger logger) {
        return new HeadgateOptions(Map.of(), logger, EngineOptions.DEFAULTS.io());
    }

    /** This with {@code filter} behind those that the route has already. */
    public HeadgateOptions withFilter(String routeName, Filter filter) {
        Map<String, List<Filter>> more = new LinkedHashMap<>(filters);
        List<Filter> ofRoute = new ArrayList<>(more.getOrDefault(routeName, List.of()));
        ofRoute.add(filter);
        more.put(routeName, List.copyOf(ofRoute));
        return new HeadgateOptions(Map.copyOf(more), logger, io, state);
    }

    /** This with another place for the error log. */
    public HeadgateOptions withLogger(System.Logger other) {
        return new HeadgateOptions(filters, other, io, state);
    }

    /** This with a place for what is to be there at the next start. */
    public HeadgateOptions withState(StateFolder folder) {
        return new HeadgateOptions(filters, logger, io, folder);
    }
}
