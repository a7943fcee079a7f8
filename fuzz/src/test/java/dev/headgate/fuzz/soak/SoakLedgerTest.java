package dev.headgate.fuzz.soak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headgate.fuzz.soak.Plan.Answer;
import dev.headgate.fuzz.soak.Plan.Body;
import dev.headgate.fuzz.soak.Plan.Method;
import dev.headgate.fuzz.soak.Plan.Route;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The accounts notice what a proxy must not do with requests of one connection, seen by their client or not. */
class SoakLedgerTest {
    private final SoakLedger ledger = new SoakLedger();
    private final Plan first = plan(Method.GET);
    private final Plan second = plan(Method.GET);

    private Plan plan(Method method) {
        return new Plan(ledger.nextId(), Route.GOOD, method, Body.NONE, -1, Answer.LENGTH, 5);
    }

    private void begin() {
        ledger.begin(first, null);
        ledger.begin(second, first);
    }

    private void serve(Plan plan) {
        ledger.onAttempt(plan);
        ledger.onAnswer(plan);
        ledger.onLogged(plan.id(), 200, "line");
    }

    private void assertFound(String what) {
        assertTrue(ledger.findings().toString().contains(what), () -> what + " in " + ledger.findings());
    }

    @Test
    void findsNothingWhereAllIsWell() {
        begin();
        serve(first);
        ledger.end(first, Outcome.ANSWERED, 200);
        serve(second);
        ledger.end(second, Outcome.ABORTED, 0);
        ledger.reconcile();
        assertEquals(List.of(), ledger.findings());
    }

    @Test
    void findsARequestThatIsServedBehindTheLast() {
        begin();
        serve(first);
        ledger.end(first, Outcome.ANSWERED, 200);
        serve(second);
        ledger.end(second, Outcome.UNSERVED, 0);
        ledger.reconcile();
        assertFound("behind the last of its connection");
    }

    @Test
    void findsARequestThatOvertakesAnother() {
        begin();
        ledger.onAttempt(first);
        ledger.onAttempt(second);
        assertFound("before the one ahead of it was answered");
    }

    @Test
    void findsAnAbortedRequestThatIsSentTwice() {
        begin();
        ledger.onAttempt(first);
        ledger.end(first, Outcome.ABORTED, 0);
        ledger.onAttempt(first);
        assertFound("attempt 2");
    }

    @Test
    void findsAnAbortedRequestThatIsNotLogged() {
        begin();
        ledger.onAttempt(first);
        ledger.end(first, Outcome.ABORTED, 0);
        ledger.end(second, Outcome.ABORTED, 0);
        ledger.reconcile();
        assertFound("reached an origin, but not logged");
    }

    @Test
    void findsAnAbortedRequestThatIsLoggedAsAnsweredByNobody() {
        begin();
        ledger.onLogged(first.id(), 200, "line");
        ledger.end(first, Outcome.ABORTED, 0);
        ledger.end(second, Outcome.ABORTED, 0);
        ledger.reconcile();
        assertFound("no origin was asked");
    }

    @Test
    void findsALogInAnotherOrder() {
        begin();
        ledger.onAttempt(first);
        ledger.onAnswer(first);
        serve(second);
        assertFound("logged before the one ahead of it");
    }
}
