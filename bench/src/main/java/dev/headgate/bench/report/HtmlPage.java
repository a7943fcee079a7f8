package dev.headgate.bench.report;

import dev.headgate.bench.machine.MachineFacts.Fact;
import dev.headgate.bench.report.svg.ChartStyle;
import dev.headgate.bench.report.svg.Markup;
import dev.headgate.bench.report.svg.Picture;
import dev.headgate.bench.result.Results;
import dev.headgate.bench.result.StepInfo;
import dev.headgate.bench.result.TargetInfo;
import dev.headgate.bench.scenario.Scenario;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

/** The report as one page that needs nothing beside it. */
final class HtmlPage {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
                    "d MMMM uuuu, HH:mm 'UTC'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    private final Results results;
    private final Looks looks;
    private final Markup page = new Markup();

    HtmlPage(Results results) {
        this.results = results;
        this.looks = new Looks(results.setup().targets());
    }

    String write() {
        page.open("html").attribute("xmlns", "http://www.w3.org/1999/xhtml").attribute("lang", "en");
        writeHead();
        page.open("body");
        writeHeader();
        page.open("main");
        for (Scenario scenario : Scenario.values()) writeScenario(scenario);
        writeSetup();
        page.close();
        writeFooter();
        page.close();
        page.close();
        return "<!DOCTYPE html>\n" + page.finish();
    }

    private void writeHead() {
        page.open("head");
        page.open("meta").attribute("charset", "utf-8").close();
        page.open("meta").attribute("name", "viewport");
        page.attribute("content", "width=device-width, initial-scale=1").close();
        page.element("title", "Headgate bench, " + TIME.format(results.setup().startedAt()));
        page.open("style").raw(PageStyle.text()).close();
        page.close();
    }

    private void writeHeader() {
        page.open("header");
        page.element("h1", "Headgate bench");
        page.open("p").attribute("class", "quiet").text(subtitle()).close();
        if (!results.setup().notes().isEmpty()) {
            page.open("div").attribute("class", "notes");
            for (String note : results.setup().notes()) page.element("p", note + ".");
            page.close();
        }
        writeTiles();
        page.open("nav").attribute("aria-label", "Scenarios");
        for (Scenario scenario : Scenario.values()) {
            if (stepsOf(scenario).isEmpty()) continue;
            page.open("a")
                    .attribute("href", "#" + scenario.key())
                    .text(scenario.question())
                    .close();
        }
        page.open("a").attribute("href", "#setup").text("How it was measured").close();
        page.close();
        page.close();
    }

    private String subtitle() {
        List<String> wanted = List.of("processor", "processors to run on", "system");
        StringBuilder text = new StringBuilder(TIME.format(results.setup().startedAt()));
        for (Fact fact : results.setup().facts()) {
            if (!wanted.contains(fact.name())) continue;
            String name = fact.name().startsWith("processors") ? "processors " : "";
            text.append(" · ").append(name).append(fact.value());
        }
        return text.toString();
    }

    private void writeTiles() {
        List<Tiles.Tile> tiles = new Tiles(results).make();
        if (tiles.isEmpty()) return;
        page.open("div").attribute("class", "tiles");
        for (Tiles.Tile tile : tiles) {
            page.open("div").attribute("class", "tile");
            page.open("div").attribute("class", "what").text(tile.what());
            page.element("span", tile.detail()).close();
            page.open("div").attribute("class", "figure").text(tile.figure() + " ");
            page.element("span", tile.unit());
            page.close();
            page.open("div").attribute("class", "others");
            for (String other : tile.others()) page.element("span", other);
            page.close();
            page.close();
        }
        page.close();
    }

    private List<StepInfo> stepsOf(Scenario scenario) {
        return results.steps().stream()
                .filter(step -> step.scenario().equals(scenario.key()))
                .toList();
    }

    private void writeScenario(Scenario scenario) {
        List<StepInfo> steps = stepsOf(scenario);
        if (steps.isEmpty()) return;
        page.open("section").attribute("id", scenario.key());
        page.element("h2", scenario.question());
        String told = "";
        for (StepInfo step : steps) {
            page.open("article");
            page.element("h3", step.title());
            // Steps of a scenario differ in size: what happens needs to be told once.
            if (!step.explanation().equals(told)) page.element("p", step.explanation());
            told = step.explanation();
            writePictures(step);
            writeTable(step);
            writeRemarks(step);
            page.close();
        }
        page.close();
    }

    private void writePictures(StepInfo step) {
        page.open("div").attribute("class", "figures");
        for (Picture picture : new Charts(results, step).draw()) {
            page.open("figure").raw(picture.inPage()).close();
        }
        page.close();
    }

    private void writeTable(StepInfo step) {
        Table table = Table.of(results, step);
        page.open("div").attribute("class", "scroll").attribute("tabindex", "0");
        page.attribute("role", "region").attribute("aria-label", "Figures: " + step.title());
        page.open("table");
        page.element("caption", "Median of the rounds, and below it their range.");
        page.open("thead").open("tr");
        page.open("th").attribute("scope", "col").text("target").close();
        for (String title : table.header())
            page.open("th").attribute("scope", "col").text(title).close();
        page.close().close();
        page.open("tbody");
        for (Table.Row row : table.rows()) {
            page.open("tr");
            page.open("th").attribute("scope", "row");
            writeSwatch(row.target());
            page.text(row.target().name()).close();
            for (Table.Cell cell : row.cells()) writeCell(cell);
            page.close();
        }
        page.close().close().close();
    }

    private void writeRemarks(StepInfo step) {
        for (TargetInfo target : results.targets(step)) {
            List<String> remarks = results.remarks(step, target);
            if (remarks.isEmpty()) continue;
            page.open("p").attribute("class", "quiet");
            page.text("Failed with " + target.name() + ": " + String.join("; ", remarks) + ".")
                    .close();
        }
    }

    private void writeSwatch(TargetInfo target) {
        page.open("span").attribute("class", "swatch look" + looks.of(target) % ChartStyle.LOOKS);
        page.attribute("aria-hidden", "true").close();
    }

    private void writeCell(Table.Cell cell) {
        page.open("td");
        if (cell.isBad()) page.attribute("class", "bad");
        page.text(cell.value() + (cell.isBad() ? " !" : ""));
        if (!cell.range().isEmpty()) page.element("small", cell.range());
        page.close();
    }

    private void writeSetup() {
        page.open("section").attribute("id", "setup");
        page.element("h2", "How it was measured");
        page.element(
                "p",
                "All proxies forward to the same built-in origin, keep connections on both sides, write no access log, and have"
                        + " their limits and time-outs on. They run beside each other; in each round every one takes its turn,"
                        + " and the first round does not count. A figure is the median of the rounds, its range stands beside"
                        + " it. Figures of one page can be compared with each other, not with those of other machines or days.");
        page.element(
                "p",
                "CPU is the user and system time of the process with all below it; memory is its PSS. Errors are those of the"
                        + " round with most. Other processes are what took part in nothing here, in per cent of one processor;"
                        + " above 25 deserve an exclamation mark, for then the machine was not quiet. So do generator and origin"
                        + " above 95 per cent of what they have: requests per second are then theirs, not the target's.");
        page.element("h3", "Machine");
        writeFacts(results.setup().facts());
        page.element("h3", "Programs");
        writeFacts(results.setup().targets().stream()
                .map(target -> new Fact(target.name(), target.version()))
                .toList());
        page.element("h3", "Command");
        page.element("pre", results.setup().command());
        page.close();
    }

    private void writeFacts(List<Fact> facts) {
        page.open("div").attribute("class", "scroll");
        page.open("table").attribute("class", "facts").open("tbody");
        for (Fact fact : facts) {
            page.open("tr");
            page.open("th").attribute("scope", "row").text(fact.name()).close();
            page.element("td", fact.value());
            page.close();
        }
        page.close().close().close();
    }

    private void writeFooter() {
        page.open("footer");
        page.element(
                "p", "Every single value is in results.json beside this page, every picture in a file of its own.");
        page.close();
    }
}
