package dev.headgate.config;

import dev.headgate.config.EndpointLanguage.Item;
import dev.headgate.config.UpstreamConfig.EndpointConfig;
import dev.headgate.config.source.Mark;
import dev.headgate.config.source.Node;
import dev.headgate.config.source.NodeComposer;
import dev.headgate.config.source.Problem;
import dev.headgate.config.source.ProblemCode;
import dev.headgate.config.source.SourceText;
import dev.headgate.config.spec.ListSpec;
import dev.headgate.config.spec.Reading;
import dev.headgate.config.spec.Spec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a file with the endpoints of one upstream may hold: a list, each written as in the configuration. */
public final class EndpointList {
    /** Largest file, in bytes. */
    public static final int FILE_BYTES_MAX = Environment.FILE_BYTES_MAX;

    private static final int ENDPOINTS_MAX = 8192;
    private static final Spec<List<Item>> LIST =
            new ListSpec<>(EndpointLanguage.item(), 0, ENDPOINTS_MAX).distinctBy("address", Item::addressText);

    private final boolean needsServerName;
    private final boolean needsPort;

    private EndpointList(boolean needsServerName, boolean needsPort) {
        this.needsServerName = needsServerName;
        this.needsPort = needsPort;
    }

    /** Of endpoints that {@code upstream} can take. */
    public static EndpointList of(UpstreamConfig upstream) {
        boolean hasServerName =
                upstream.tls().map(tls -> tls.serverName().isPresent()).orElse(true);
        boolean checksOtherPort =
                upstream.health().map(health -> health.port().isPresent()).orElse(false);
        return new EndpointList(!hasServerName, checksOtherPort);
    }

    /**
     * A file as it was read.
     *
     * @param endpoints what it lists, which may be nothing; empty when it is of no use
     * @param problems why; each with its place
     */
    public record Result(Optional<List<EndpointConfig>> endpoints, List<ConfigProblem> problems) {
        public Result {
            problems = List.copyOf(problems);
        }
    }

    /** Reads {@code text}; {@code fileName} is only for messages. */
    public Result parse(String fileName, String text, Environment environment) {
        SourceText source = new SourceText(fileName, text);
        ProblemList problems = new ProblemList();
        List<EndpointConfig> endpoints = null;
        try {
            Node root = new NodeComposer(source, problems::add).compose();
            if (root != null || problems.isEmpty()) {
                endpoints = read(root, new Reading(ConfigLoader.surroundings(environment), problems::add));
            }
        } catch (ProblemList.TooManyErrors e) {
            endpoints = null; // the list says so
        }
        List<ConfigProblem> shown = ConfigLoader.shown(problems, source);
        return new Result(problems.hasErrors() ? Optional.empty() : Optional.ofNullable(endpoints), shown);
    }

    /** Reports whatever is wrong with a document. */
    void check(@Nullable Node root, Reading reading) {
        read(root, reading);
    }

    private @Nullable List<EndpointConfig> read(@Nullable Node root, Reading reading) {
        if (root == null || root.isNull()) {
            // Perhaps it is being written: no endpoint at all has to be said.
            reading.report(Problem.at(Mark.START, ProblemCode.WRONG_TYPE, "the file holds no list of endpoints")
                    .found("nothing")
                    .expected("a list of endpoints; [] for none"));
            return null;
        }
        List<Item> items = LIST.read(root, reading);
        if (items == null) return null;
        List<EndpointConfig> endpoints = new ArrayList<>(items.size());
        for (int i = 0; i < items.size(); i++) {
            EndpointConfig endpoint = items.get(i).endpoint();
            Node node =
                    root instanceof Node.Sequence sequence ? sequence.items().get(i) : root;
            Problem problem = endpoint == null ? nested(node) : unfit(endpoint, node);
            if (problem != null) reading.report(problem);
            if (endpoint != null) endpoints.add(endpoint);
        }
        return endpoints;
    }

    private static Problem nested(Node node) {
        return Problem.at(node.mark(), ProblemCode.CONFLICTING_KEYS, "a list of endpoints leads to no other file")
                .found("file")
                .expected("address");
    }

    private @Nullable Problem unfit(EndpointConfig endpoint, Node node) {
        if (needsServerName && !UpstreamTlsLanguage.hasServerName(endpoint)) {
            return Problem.at(node.mark(), ProblemCode.INCONSISTENT_VALUES, "there is no server name for an endpoint")
                    .found("\"" + endpoint.address() + "\"")
                    .expected("tls.serverName, or an endpoint with a host name of letters, digits and hyphens");
        }
        if (needsPort && endpoint.address() instanceof Address.Unix) {
            return Problem.at(node.mark(), ProblemCode.INCONSISTENT_VALUES, "a Unix-domain socket has no port")
                    .found("unix:, and health.port of the upstream")
                    .expected("an endpoint with a host and a port");
        }
        return null;
    }
}
