package dev.headgate.fuzz.differential;

import dev.headgate.testkit.Await;
import dev.headgate.testkit.Wire;
import dev.headgate.testkit.peer.RawClient;
import dev.headgate.testkit.peer.ReceivedRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;

/**
 * What a program made of one connection's bytes: the complete requests in order, and the statuses of its answers.
 *
 * @param fault what our origin had to say about the way in which the program passed requests on; empty when nothing
 */
record Reading(List<Heard> heard, List<Integer> statuses, String fault) {
    /** The request that follows what is to be read: where it begins tells where a judge saw the end. */
    static final byte[] NEXT = Wire.bytes("GET /next HTTP/1.1␍␊Host: next␍␊Connection: close␍␊␍␊");

    private static final byte[] SETTLED = Wire.bytes("GET / HTTP/1.1␍␊Host: settled␍␊Connection: close␍␊␍␊");
    private static final Duration SILENCE = Duration.ofMillis(400);
    private static final int POLL_MS = 2;
    private static final Pattern STATUS_LINE = Pattern.compile("HTTP/1\\.[01] ([2-9]\\d\\d) ");

    /** Sends {@code wire} and {@link #NEXT}, and waits until the judge is through with it. */
    static Reading withNext(Judge judge, byte[] wire) {
        return of(judge, Wire.join(wire, NEXT), () -> false, SILENCE);
    }

    /**
     * Sends {@code wire}, whose last request is cut off behind so many whole ones, and ends the connection's sending direction once those
     * have passed, for the end tells some judges not to go on.
     */
    static Reading withEnd(Judge judge, byte[] wire, int complete) {
        return of(judge, wire, () -> heard(judge).size() >= complete, Await.DEADLINE);
    }

    private static Reading of(Judge judge, byte[] wire, BooleanSupplier isTimeToEnd, Duration silence) {
        judge.origin().forget();
        judge.origin().otherwise(Proxy::answer);
        var statuses = new ArrayList<Integer>();
        var answers = STATUS_LINE.matcher(answers(judge, wire, isTimeToEnd, silence));
        while (answers.find()) {
            statuses.add(Integer.valueOf(answers.group(1)));
        }
        if (heard(judge).stream().noneMatch(Reading::isNext)) {
            settle(judge);
        }
        return new Reading(heard(judge), List.copyOf(statuses), fault(judge));
    }

    /**
     * Waits until the judge has passed on all that it ever will: one that refuses in the middle may still be busy with what
     * it read before, and that must not be taken for part of the next reading.
     */
    private static void settle(Judge judge) {
        answers(judge, SETTLED);
    }

    /** Sends {@code wire}, ends the sending direction, and returns all that is answered. */
    static String answers(Judge judge, byte[] wire) {
        return answers(judge, wire, () -> true, Duration.ZERO);
    }

    private static String answers(Judge judge, byte[] wire, BooleanSupplier isTimeToEnd, Duration silence) {
        try (var client = judge.connect()) {
            var through = new CountDownLatch(1);
            Thread sender = Thread.ofVirtual().start(() -> send(client, wire, through, isTimeToEnd, silence));
            String answers = new String(client.readToEndOrReset(), StandardCharsets.ISO_8859_1);
            through.countDown();
            join(sender);
            return answers;
        } catch (AssertionError e) {
            throw new AssertionError(judge.name() + ": " + e.getMessage(), e);
        }
    }

    // A judge may stop reading in the middle, and may wait for more than there is: then the end of the stream tells it.
    private static void send(
            RawClient client, byte[] wire, CountDownLatch through, BooleanSupplier isTimeToEnd, Duration silence) {
        try {
            if (!client.trySend(wire)) {
                return;
            }
            long beginNs = System.nanoTime();
            while (!isTimeToEnd.getAsBoolean() && System.nanoTime() - beginNs < silence.toNanos()) {
                if (through.await(POLL_MS, TimeUnit.MILLISECONDS)) {
                    return;
                }
            }
            client.halfClose();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** For people and for the corpus: the requests in short, then the statuses of refusals; {@link #NEXT} is left out. */
    String summary() {
        var parts = new ArrayList<String>();
        for (var message : messages()) {
            int length = message.body().length();
            parts.add(message.method() + " " + message.target() + (length == 0 ? "" : " [" + length + " bytes]"));
        }
        statuses.stream().filter(status -> status >= 400).map(String::valueOf).forEach(parts::add);
        if (!isNextHeard() && !hasRefusal()) {
            parts.add("end");
        }
        return String.join(", ", parts);
    }

    /**
     * What became of each message in order, {@link #NEXT} included: heard, or refused. A judge that reads ahead may refuse
     * before it has answered what it heard before.
     */
    List<Optional<Heard>> verdicts() {
        var all = new ArrayList<Optional<Heard>>();
        var rest = heard.iterator();
        boolean everyOneIsAnswered =
                statuses.stream().filter(status -> status < 400).count() == heard.size();
        if (!everyOneIsAnswered) {
            rest.forEachRemaining(message -> all.add(Optional.of(message)));
        }
        for (int status : statuses) {
            if (status >= 400) {
                all.add(Optional.empty());
            } else if (rest.hasNext()) {
                all.add(Optional.of(rest.next()));
            }
        }
        return all;
    }

    /** True when the judge answered with an error. */
    boolean hasRefusal() {
        return statuses.stream().anyMatch(status -> status >= 400);
    }

    boolean isNextHeard() {
        return !heard.isEmpty() && isNext(heard.getLast());
    }

    private static boolean isNext(Heard heard) {
        return heard.host().equals("next");
    }

    /** What was heard before {@link #NEXT}. */
    List<Heard> messages() {
        return isNextHeard() ? heard.subList(0, heard.size() - 1) : heard;
    }

    private static List<Heard> heard(Judge judge) {
        return judge.origin().requests().stream()
                .filter(ReceivedRequest::isComplete)
                .map(Heard::of)
                .filter(heard -> !heard.host().equals("settled"))
                .toList();
    }

    private static String fault(Judge judge) {
        try {
            judge.origin().assertNoFault();
            return "";
        } catch (AssertionError e) {
            return String.valueOf(e.getMessage());
        }
    }
}
