package dev.headgate.config;

import dev.headgate.config.UpstreamConfig.EndpointConfig;
import dev.headgate.config.UpstreamConfig.EndpointFile;
import dev.headgate.config.source.ProblemCode;
import dev.headgate.config.spec.Durations;
import dev.headgate.config.spec.ListSpec;
import dev.headgate.config.spec.ObjectSpec;
import dev.headgate.config.spec.Place;
import dev.headgate.config.spec.ScalarSpec;
import dev.headgate.config.spec.Scalars;
import dev.headgate.config.spec.Shape;
import dev.headgate.config.spec.ShorthandSpec;
import dev.headgate.config.spec.Spec;
import dev.headgate.config.spec.Values;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The endpoints of an upstream: written one by one, or in a file of their own. */
final class EndpointLanguage {
    private static final int ENDPOINTS_MAX = 1024;
    private static final int WEIGHT_MAX = 256;
    private static final List<String> OF_ADDRESSES =
            List.of("weight", "backup", "zone", "labels", "maxConnections", "maxRequests");

    static final Spec<List<Item>> ENDPOINTS = new ListSpec<>(item(), 1, ENDPOINTS_MAX)
            .distinctBy("address", Item::addressText)
            .distinctBy("file", Item::fileText);

    private EndpointLanguage() {}

    /** One of the two: an endpoint, or a file with some. */
    record Item(@Nullable EndpointConfig endpoint, @Nullable EndpointFile file) {
        String addressText() {
            return endpoint == null ? "" : endpoint.address().toString();
        }

        String fileText() {
            return file == null ? "" : file.path();
        }
    }

    static List<Item> items(UpstreamConfig config) {
        return Stream.concat(
                        config.endpoints().stream().map(each -> new Item(each, null)),
                        config.files().stream().map(each -> new Item(null, each)))
                .toList();
    }

    static List<EndpointConfig> addressesIn(List<Item> items) {
        List<EndpointConfig> addresses = new ArrayList<>();
        for (Item item : items) {
            if (item.endpoint() != null) addresses.add(item.endpoint());
        }
        return addresses;
    }

    static List<EndpointFile> filesIn(List<Item> items) {
        List<EndpointFile> files = new ArrayList<>();
        for (Item item : items) {
            if (item.file() != null) files.add(item.file());
        }
        return files;
    }

    /** What files hold is looked at as if it stood in the configuration. */
    static void checkFiles(UpstreamConfig upstream, Place place) {
        Place all = place.at("endpoints");
        for (int i = 0; i < items(upstream).size(); i++) {
            if (all.item(i).has("file")) checkFile(upstream, all.item(i).at("file"));
        }
    }

    private static void checkFile(UpstreamConfig upstream, Place place) {
        String path = place.text();
        try {
            place.readInto(path, EndpointList.of(upstream)::check);
        } catch (IOException e) {
            place.report(place.problem(ProblemCode.FILE_UNREADABLE, "the list of endpoints cannot be read")
                    .found("\"" + path + "\", " + Unreadable.reason(e, path))
                    .expected("a file with a list of endpoints"));
        }
    }

    static Spec<Item> item() {
        ScalarSpec<Address> addressSpec = HttpScalars.endpointAddress();
        var spec = ObjectSpec.<Item>named(
                "endpoint", "One address of an upstream; the address alone will do. Or a file with a list of them.");
        var address =
                spec.optional("address", addressSpec, "A name or an address with a port, or a Unix-domain socket.");
        var weight = spec.withDefault(
                "weight",
                Scalars.count(0, WEIGHT_MAX),
                1,
                "Share of the traffic relative to its siblings; 0 takes none.");
        var backup = spec.withDefault(
                "backup",
                Scalars.bool(),
                false,
                "Whether it stands in for the others only, see backup of the upstream.");
        var zone = spec.optional("zone", Scalars.name(), "Where it is, for the zone of the upstream.");
        var labels = spec.withDefault(
                "labels", new LabelsSpec(0), Map.of(), "What routes may choose it by, see labels of a route's to.");
        var maxConnections = spec.optional(
                "maxConnections",
                Scalars.count(1, 1_000_000),
                "Open connections, of all loops; pool.connections without it.");
        var maxRequests = spec.optional(
                "maxRequests",
                Scalars.count(1, 1_000_000),
                "Attempts under way, of all loops; pool.requests without it.");
        var file = spec.optional(
                "file",
                TlsLanguage.path(),
                "In place of address: a file with a list of endpoints in YAML or JSON, each with the keys above. Changes of it take"
                        + " effect while the proxy runs.");
        var watch = spec.withDefault(
                "watch",
                Durations.between(100 * Durations.MILLISECOND, Durations.HOUR),
                Durations.SECOND,
                "Time between two looks at the file. A change counts when two looks have seen the same.");
        ObjectSpec<Item> object = spec.build(new Shape<>() {
            @Override
            public Item make(Values<Item> values) {
                Address where = values.find(address);
                String path = values.find(file);
                return new Item(
                        where == null
                                ? null
                                : new EndpointConfig(
                                        where,
                                        values.get(weight),
                                        values.get(backup),
                                        Optional.ofNullable(values.find(zone)),
                                        values.get(labels),
                                        optional(values.find(maxConnections)),
                                        optional(values.find(maxRequests))),
                        path == null ? null : new EndpointFile(path, values.get(watch)));
            }

            @Override
            public void split(Item item, Values<Item> values) {
                EndpointConfig endpoint = item.endpoint();
                if (endpoint != null) {
                    values.put(address, endpoint.address());
                    values.put(weight, endpoint.weight());
                    values.put(backup, endpoint.isBackup());
                    values.put(zone, endpoint.zone().orElse(null));
                    values.put(labels, endpoint.labels());
                    values.put(maxConnections, boxed(endpoint.maxConnections()));
                    values.put(maxRequests, boxed(endpoint.maxRequests()));
                }
                EndpointFile list = item.file();
                if (list != null) {
                    values.put(file, list.path());
                    values.put(watch, list.watchNs());
                }
            }

            @Override
            public void check(Item item, Place place) {
                checkForm(item, place);
            }
        });
        ScalarSpec<Item> scalar = addressSpec.map(
                value -> new Item(new EndpointConfig(value, 1), null),
                item -> Objects.requireNonNull(item.endpoint()).address());
        return new ShorthandSpec<>(scalar, object, item -> false);
    }

    private static OptionalInt optional(@Nullable Integer value) {
        return value == null ? OptionalInt.empty() : OptionalInt.of(value);
    }

    private static @Nullable Integer boxed(OptionalInt value) {
        return value.isPresent() ? value.getAsInt() : null;
    }

    private static void checkForm(Item item, Place place) {
        if (item.endpoint() == null && item.file() == null) {
            place.report(place.problem(ProblemCode.MISSING_KEY, "the key address is missing")
                    .expected("address: " + HttpScalars.endpointAddress().typeName() + ", or file: path"));
        } else if (item.endpoint() != null && item.file() != null) {
            place.report(place.problem(ProblemCode.CONFLICTING_KEYS, "an endpoint is an address, or a file with some")
                    .found("address and file")
                    .expected("one of them"));
        } else if (item.file() != null) {
            for (String key : OF_ADDRESSES) {
                if (!place.has(key)) continue;
                Place at = place.at(key);
                at.report(at.problem(ProblemCode.CONFLICTING_KEYS, "each endpoint in the file has its own " + key)
                        .found(key + " and file")
                        .expected("file alone, or with watch"));
            }
        } else if (place.has("watch")) {
            Place at = place.at("watch");
            at.report(at.problem(ProblemCode.CONFLICTING_KEYS, "an address is not watched")
                    .found("watch and address")
                    .expected("watch with file"));
        }
    }
}
