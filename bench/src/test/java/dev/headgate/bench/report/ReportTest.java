package dev.headgate.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.bench.report.svg.Markup;
import dev.headgate.bench.report.svg.Picture;
import dev.headgate.bench.result.Metric;
import dev.headgate.bench.result.Results;
import dev.headgate.bench.result.Run;
import dev.headgate.bench.result.StepInfo;
import dev.headgate.bench.scenario.Scenario;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

class ReportTest {
    private final Results results = SampleResults.make();

    @TempDir
    Path folder;

    @Test
    void pageIsWellFormedAndNeedsNothingElse() throws Exception {
        String page = new HtmlPage(results).write();
        Document document = Xml.parse(page.replaceFirst("<!DOCTYPE html>", ""));
        for (String element : List.of("script", "link", "img", "iframe")) {
            assertEquals(List.of(), Xml.elements(document, element));
        }
        // Names of XML vocabularies only: nothing is fetched.
        assertEquals(
                Set.of("http://www.w3.org/1999/xhtml", "http://www.w3.org/2000/svg"),
                new HashSet<>(Stream.of(page.split("\"", -1))
                        .filter(part -> part.contains("://"))
                        .toList()));
        assertFalse(page.contains("url("), "the page fetches something");
        assertFalse(page.contains("NaN"), "a number is none");
    }

    @Test
    void pageHasASectionPerScenarioAndATablePerStep() throws Exception {
        Document document = Xml.parse(new HtmlPage(results).write().replaceFirst("<!DOCTYPE html>", ""));
        // One per scenario, and how it was measured.
        assertEquals(
                Scenario.values().length + 1, Xml.elements(document, "section").size());
        assertEquals(results.steps().size(), Xml.elements(document, "article").size());
        assertEquals(results.steps().size() + 2, Xml.elements(document, "table").size());
        assertTrue(document.getDocumentElement().getTextContent().contains(SampleResults.HOSTILE));
    }

    @Test
    void everyPictureHasATitleAndATextThatItNames() throws Exception {
        Document document = Xml.parse(new HtmlPage(results).write().replaceFirst("<!DOCTYPE html>", ""));
        Set<String> ids = new HashSet<>();
        for (String element : List.of("title", "desc", "section")) {
            for (Element found : Xml.elements(document, element)) {
                String id = found.getAttribute("id");
                assertTrue(id.isEmpty() || ids.add(id), "twice: " + id);
            }
        }
        List<Element> pictures = Xml.elements(document, "svg");
        assertTrue(pictures.size() >= 2 * results.steps().size() - 3, pictures.size() + " pictures");
        for (Element picture : pictures) {
            assertEquals("img", picture.getAttribute("role"));
            for (String id : picture.getAttribute("aria-labelledby").split(" ", -1)) assertTrue(ids.contains(id), id);
        }
        for (Element link : Xml.elements(document, "a")) {
            assertTrue(ids.contains(link.getAttribute("href").substring(1)), link.getAttribute("href"));
        }
    }

    @Test
    void picturesStandAloneAndKeepWithinTheirBounds() throws Exception {
        for (StepInfo step : results.steps()) {
            List<Picture> pictures = new Charts(results, step).draw();
            assertFalse(pictures.isEmpty(), step.id());
            for (Picture picture : pictures) {
                Document document = Xml.parse(picture.alone(""));
                for (Element line : Xml.elements(document, "line")) {
                    for (String end : List.of("x1", "x2")) {
                        double x = Double.parseDouble(line.getAttribute(end));
                        assertTrue(x >= 0 && x <= picture.width(), picture.name() + ": " + x);
                    }
                }
                for (Element text : Xml.elements(document, "text")) {
                    if (text.getAttribute("y").isEmpty()) continue;
                    double y = Double.parseDouble(text.getAttribute("y"));
                    assertTrue(y >= 0 && y <= picture.height(), picture.name() + ": " + y);
                }
            }
        }
    }

    /** GitHub shows a file as an image: nothing is fetched or run, and only the colour scheme is known. */
    @Test
    void pictureFilesCanStandInDocuments() throws Exception {
        Report report = new Report(results);
        Set<String> names = new HashSet<>();
        for (StepInfo step : results.steps()) {
            for (Picture picture : new Charts(results, step).draw()) {
                String file = picture.alone(report.origin());
                assertTrue(picture.name().matches("[a-z0-9][a-z0-9_-]*") && names.add(picture.name()), picture.name());
                assertTrue(file.length() < 100_000, picture.name() + ": " + file.length() + " bytes");
                assertTrue(file.contains("@media (prefers-color-scheme:dark)"), picture.name());
                for (String foreign : List.of("url(", "@import", "@font-face", "xlink")) {
                    assertFalse(file.contains(foreign), picture.name() + ": " + foreign);
                }
                Document document = Xml.parse(file);
                for (String element : List.of("script", "image", "use", "a", "foreignObject")) {
                    assertEquals(List.of(), Xml.elements(document, element), picture.name());
                }
                String origin = Xml.elements(document, "metadata").getFirst().getTextContent();
                assertTrue(
                        origin.startsWith("headgate bench --variant 'g1=-XX:+UseG1GC'; 2026-01-02T03:04:05Z"), origin);
                assertEquals(
                        Markup.number(picture.width()),
                        document.getDocumentElement().getAttribute("width"));
            }
        }
        assertTrue(names.containsAll(Set.of(
                "throughput-cpu_us_per_request",
                "latency-5000-percentiles",
                "latency-5000-over-time",
                "active-many-percentiles",
                "idle-kib_per_connection")));
    }

    @Test
    void theSameResultsMakeTheSameFiles() throws Exception {
        Path one = folder.resolve("one");
        Path two = folder.resolve("two");
        new Report(results).write(ResultFolder.open(one));
        new Report(SampleResults.make()).write(ResultFolder.open(two));
        try (Stream<Path> files = Files.list(one)) {
            for (Path file : files.toList()) {
                assertEquals(-1, Files.mismatch(file, two.resolve(String.valueOf(file.getFileName()))));
            }
        }
    }

    @Test
    void filesAreAllThere() throws Exception {
        new Report(results).write(ResultFolder.open(folder));
        Set<String> expected = new HashSet<>(Set.of("report.html", "results.json"));
        for (StepInfo step : results.steps()) {
            new Charts(results, step).draw().forEach(picture -> expected.add(picture.name() + ".svg"));
        }
        try (Stream<Path> files = Files.list(folder)) {
            Set<String> names = new HashSet<>();
            files.forEach(file -> names.add(String.valueOf(file.getFileName())));
            assertEquals(expected, names);
        }
    }

    @Test
    @SuppressWarnings("unchecked")
    void jsonHoldsEverySingleValue() {
        // JSON is a subset of what this reader takes.
        Map<String, Object> json = (Map<String, Object>)
                new Load(LoadSettings.builder().build()).loadFromString(ResultsJson.write(results));
        assertEquals(1, json.get("format"));
        assertEquals("headgate bench --variant 'g1=-XX:+UseG1GC'", json.get("command"));
        List<Map<String, Object>> runs = (List<Map<String, Object>>) json.get("runs");
        assertEquals(results.runs().size(), runs.size());
        for (int i = 0; i < runs.size(); i++) {
            Run run = results.runs().get(i);
            assertEquals(run.step(), runs.get(i).get("step"));
            assertEquals(run.target(), runs.get(i).get("target"));
            Map<String, Number> values = (Map<String, Number>) runs.get(i).get("values");
            assertEquals(run.values().size(), values.size());
            run.values()
                    .forEach((metric, value) ->
                            assertEquals(value, values.get(metric.key()).doubleValue(), Math.abs(value) * 1e-6));
            assertEquals(run.curve().size(), ((List<?>) runs.get(i).get("percentiles")).size());
            assertEquals(run.intervals().size(), ((List<?>) runs.get(i).get("intervals")).size());
        }
    }

    @Test
    void tableTellsWhatIsAddedAndWhatIsRelative() {
        StepInfo step = results.step("latency-5000").orElseThrow();
        Table table = Table.of(results, step);
        assertEquals(
                List.of("p50 µs", "added", "p99 µs", "added"), table.columns().subList(0, 4));
        Table.Row direct = table.rows().getFirst();
        assertEquals("–", direct.cells().get(1).value());
        StepInfo throughput = results.step("throughput").orElseThrow();
        Table.Row ours = Table.of(results, throughput).rows().get(1);
        assertEquals("1.00", ours.cells().get(2).value());
    }

    @Test
    void terminalTableHasALinePerTarget() {
        String table = new Report(results).table(results.step("idle").orElseThrow());
        List<String> lines = table.lines().filter(line -> !line.isBlank()).toList();
        assertEquals("2,111 and 19,000 idle connections", lines.getFirst());
        assertEquals(2 + 4, lines.size());
        assertEquals(1, lines.stream().skip(1).map(String::length).distinct().count(), table);
    }

    @Test
    void aValueThatIsMissingIsADash() {
        StepInfo step = results.step("idle").orElseThrow();
        List<Run> runs = results.runs().stream()
                .filter(run -> run.step().equals("idle") && run.target().equals("nginx"))
                .map(run -> without(run, Metric.KIB_PER_CONNECTION))
                .toList();
        Results missing = new Results(results.setup(), results.steps(), runs);
        Table.Row row = Table.of(missing, step).rows().getFirst();
        assertEquals("–", row.cells().getFirst().value());
        assertFalse(new Charts(missing, step)
                .draw().stream().anyMatch(picture -> picture.name().contains("kib")));
        assertFalse(ResultsJson.write(missing).contains("kib_per_connection"));
    }

    private static Run without(Run run, Metric metric) {
        Map<Metric, Double> values = new EnumMap<>(run.values());
        values.remove(metric);
        return new Run(run.step(), run.target(), run.round(), values, run.curve(), run.intervals(), run.remarks());
    }

    @Test
    void errorsAreThoseOfTheWorstRound() {
        StepInfo step = results.step("throughput").orElseThrow();
        List<Run> runs = results.runs(step, results.target("nginx").orElseThrow());
        Map<Metric, Double> values = new EnumMap<>(runs.getFirst().values());
        values.put(Metric.ERRORS, 7.0);
        Run bad = new Run(step.id(), "nginx", 1, values, List.of(), List.of(), List.of("reset"));
        Results worse = new Results(results.setup(), results.steps(), List.of(bad, runs.get(1), runs.get(2)));
        assertTrue(new Report(results).isWithoutErrors());
        assertFalse(new Report(worse).isWithoutErrors());
        List<Table.Cell> cells = Table.of(worse, step).rows().getFirst().cells();
        assertTrue(cells.stream().anyMatch(cell -> cell.isBad() && cell.value().equals("7.00")), cells.toString());
    }

    @Test
    void someFailuresAreShownInWords() {
        StepInfo step = results.step("slow").orElseThrow();
        List<String> remarks = List.of("reset: a", "reset: a", "slow sender, closed: b", "c", "d", "e");
        List<Run> runs = results.runs(step, results.target("nginx").orElseThrow()).stream()
                .map(run -> new Run("slow", "nginx", run.round(), run.values(), List.of(), List.of(), remarks))
                .toList();
        Results failed = new Results(results.setup(), results.steps(), runs);
        assertTrue(
                new Report(failed)
                        .table(step)
                        .endsWith("\n  failed, nginx: reset: a\n  failed, nginx: slow sender, closed: b\n"
                                + "  failed, nginx: c\n  failed, nginx: d\n"),
                new Report(failed).table(step));
        assertTrue(new HtmlPage(failed).write().contains("Failed with nginx: reset: a; slow sender, closed: b; c; d."));
    }
}
