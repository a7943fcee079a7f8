package dev.headgate.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.config.UpstreamConfig.EndpointConfig;
import dev.headgate.config.UpstreamConfig.EndpointFile;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Endpoints in a file of their own. */
class EndpointListTest {
    private static final String FILE = "/etc/headgate/app.yaml";

    private final Map<String, String> files = new HashMap<>();

    private final Environment environment = new Environment() {
        @Override
        public @Nullable String variable(String name) {
            return name.equals("ADDRESS") ? "10.0.0.9:80" : null;
        }

        @Override
        public String readFile(String path) throws IOException {
            String text = files.get(path);
            if (text == null) {
                throw new NoSuchFileException(path);
            }
            return text;
        }
    };

    private ConfigResult check(String upstream) {
        return ConfigLoader.parse("f", """
                version: 1
                listeners: [{name: web, address: "127.0.0.1:8080"}]
                upstreams: {app: {%s}}
                routes: [{to: app}]
                """.formatted(upstream), environment);
    }

    private UpstreamConfig upstream(String text) {
        return Objects.requireNonNull(check(text).orThrow().upstreams().get("app"));
    }

    private EndpointList.Result parse(String text) {
        return EndpointList.of(upstream("endpoints: \"10.0.0.1:80\"")).parse(FILE, text, environment);
    }

    private String problems(String text) {
        return parse(text).problems().stream()
                .map(each -> each.file() + ":" + each.line() + ":" + each.column() + " " + each.code())
                .collect(Collectors.joining("\n"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "endpoints: {file: /etc/headgate/app.yaml}",
                "endpoints: [{file: /etc/headgate/app.yaml}]",
                "endpoints: {file: /etc/headgate/app.yaml, watch: 1s}"
            })
    void upstreamMayHaveItsEndpointsInAFile(String text) {
        files.put(FILE, "- 10.0.0.1:80\n");
        UpstreamConfig upstream = upstream(text);
        assertEquals(List.of(), upstream.endpoints());
        assertEquals(List.of(new EndpointFile(FILE, 1_000_000_000)), upstream.files());
    }

    @Test
    void filesAndAddressesMayStandTogether() {
        files.put(FILE, "[]");
        files.put("/b", "[]");
        UpstreamConfig upstream = upstream("endpoints: [{file: " + FILE + "}, \"10.0.0.1:80\", {file: /b, watch: 5s}]");
        assertEquals(1, upstream.endpoints().size());
        assertEquals(
                List.of(new EndpointFile(FILE, 1_000_000_000), new EndpointFile("/b", 5_000_000_000L)),
                upstream.files());
    }

    @Test
    void isWrittenAsItWasRead() {
        files.put(FILE, "[]");
        ProxyConfig config = check("endpoints: [\"10.0.0.1:80\", {file: " + FILE + ", watch: 5s}]")
                .orThrow();
        String printed = ConfigPrinter.effective(config);
        assertEquals(config, ConfigLoader.parse("f", printed, environment).orThrow(), printed);
    }

    @Test
    void endpointsAreWrittenAsInTheConfiguration() {
        List<EndpointConfig> endpoints = parse("""
                        # the third one stands in
                        - 10.0.0.1:80
                        - {address: "10.0.0.2:80", weight: 5, zone: a, labels: {version: v2}}
                        - address: app.internal:80
                          backup: true
                        - ${ADDRESS}
                        """).endpoints().orElseThrow();
        assertEquals(
                List.of("10.0.0.1:80", "10.0.0.2:80", "app.internal:80", "10.0.0.9:80"),
                endpoints.stream().map(each -> each.address().toString()).toList());
        assertEquals(5, endpoints.get(1).weight());
        assertTrue(endpoints.get(2).isBackup());
    }

    @Test
    void jsonWillDo() {
        String json = "[{\"address\": \"10.0.0.1:80\", \"weight\": 0}]";
        assertEquals(1, parse(json).endpoints().orElseThrow().size());
    }

    @Test
    void nothingAtAllHasToBeSaid() {
        assertEquals(List.of(), parse("[]").endpoints().orElseThrow());
        assertEquals(FILE + ":1:1 HG2007", problems(""));
        assertEquals(FILE + ":1:1 HG2007", problems("# perhaps it is being written\n"));
    }

    @Test
    void mistakesHaveTheirPlaces() {
        assertEquals(
                FILE + ":2:3 HG2009\n" + FILE + ":3:28 HG2010",
                problems("- a:1\n- b\n- {address: \"c:1\", weight: 257}\n"));
    }

    /** So that {@code headgate check} tells of them, and nothing starts with them. */
    @Test
    void mistakesAreThoseOfTheConfiguration() {
        files.put(FILE, "- a:1\n- {address: \"c:1\", colour: red}\n");
        ConfigResult result = check("endpoints: {file: " + FILE + "}");
        assertTrue(result.config().isEmpty());
        ConfigProblem problem = result.problems().getFirst();
        assertEquals(FILE + ":2:20", problem.file() + ":" + problem.line() + ":" + problem.column());
        assertTrue(result.render().contains("- {address: \"c:1\", colour: red}"), result.render());
    }

    @Test
    void fileThatCannotBeReadIsAMistake() {
        ConfigResult result = check("endpoints: {file: /missing}");
        assertTrue(result.config().isEmpty());
        ConfigProblem problem = result.problems().getFirst();
        assertEquals(
                "f:3:37 HG3001", problem.file() + ":" + problem.line() + ":" + problem.column() + " " + problem.code());
        assertEquals("\"/missing\", there is no such file", problem.found());
    }

    @ParameterizedTest
    @CsvSource({"99ms, false", "100ms, true", "1h, true", "3601s, false"})
    void looksAreNeitherTooFrequentNorTooRare(String watch, boolean isFine) {
        files.put(FILE, "[]");
        assertEquals(
                isFine,
                check("endpoints: {file: " + FILE + ", watch: " + watch + "}")
                        .config()
                        .isPresent());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "endpoints: {}",
                "endpoints: {watch: 1s}",
                "endpoints: {address: \"a:1\", file: /etc/headgate/app.yaml}",
                "endpoints: {address: \"a:1\", watch: 1s}",
                "endpoints: {file: /etc/headgate/app.yaml, weight: 2}",
                "endpoints: {file: /etc/headgate/app.yaml, labels: {a: b}}",
                "endpoints: [{file: /etc/headgate/app.yaml}, {file: /etc/headgate/app.yaml}]",
            })
    void whatDoesNotGoTogetherIsAMistake(String text) {
        files.put(FILE, "[]");
        assertTrue(check(text).config().isEmpty());
    }

    /** As of endpoints in the configuration itself. */
    @Test
    void endpointsMustFitTheirUpstream() {
        files.put(FILE, "- a_b:443\n");
        assertTrue(check("tls: {}, endpoints: {file: " + FILE + "}").config().isEmpty());
        assertTrue(check("tls: {serverName: a.test}, endpoints: {file: " + FILE + "}")
                .config()
                .isPresent());
        files.put(FILE, "- unix:/run/app\n");
        assertTrue(check("health: {port: 81}, endpoints: {file: " + FILE + "}")
                .config()
                .isEmpty());
        assertTrue(check("health: {}, endpoints: {file: " + FILE + "}").config().isPresent());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "- a:1\n- a:1\n",
                "- {file: /other}\n",
                "- {address: \"a:1\", colour: red}\n",
                "endpoints: [a:1]\n",
                "- a:1\n -\n",
                "- {weight: 1}\n",
            })
    void whatIsNoListOfEndpointsIsOfNoUse(String text) {
        EndpointList.Result result = parse(text);
        assertTrue(result.endpoints().isEmpty());
        assertEquals(FILE, result.problems().getFirst().file());
    }
}
