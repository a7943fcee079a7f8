package dev.headgate.discover;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headgate.config.UpstreamConfig.DnsConfig.Family;
import dev.headgate.resolve.AddressAnswer;
import dev.headgate.resolve.LookUpListener;
import dev.headgate.resolve.NameService;
import dev.headgate.resolve.ServiceAnswer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ServiceNamesTest {
    private static final String REFUSED = "Failed[reason=too many look-ups are waiting, retryNs=1000000000]";

    private final List<String> happened = new ArrayList<>();

    /** A service that takes what it gets as long as it is open. */
    private final class Service implements NameService {
        private boolean isClosed;

        @Override
        public boolean addresses(String host, Family wanted, LookUpListener<AddressAnswer> listener) {
            happened.add("asked for " + host);
            return !isClosed;
        }

        @Override
        public boolean services(String name, Family wanted, LookUpListener<ServiceAnswer> listener) {
            throw new AssertionError(name);
        }

        @Override
        public void refresh(long nowNs) {
            happened.add("refreshed");
        }

        @Override
        public void close() {
            isClosed = true;
            happened.add("closed");
        }
    }

    private NameService open() {
        happened.add("opened");
        return new Service();
    }

    private void lookUp(Names names, String host) {
        names.lookUp(host, Family.AUTO, answer -> happened.add(answer.toString()));
    }

    @Test
    void serviceIsOpenedByTheFirstLookUpAndClosedOnce() {
        var names = new ServiceNames(this::open, 64);
        names.refresh(0);
        lookUp(names, "a");
        lookUp(names, "b");
        names.refresh(0);
        names.close();
        names.close();
        assertEquals(List.of("opened", "asked for a", "asked for b", "refreshed", "closed"), happened);
    }

    @Test
    void nothingIsOpenedAfterTheEnd() {
        var names = new ServiceNames(this::open, 64);
        names.close();
        lookUp(names, "a");
        names.refresh(0);
        assertEquals(List.of(REFUSED), happened);
    }

    /** Another thread closes while the first look-up opens. */
    @Test
    void serviceThatIsOpenedWhenTheEndComesIsClosed() {
        ServiceNames[] names = {null};
        names[0] = new ServiceNames(
                () -> {
                    names[0].close();
                    return open();
                },
                64);
        lookUp(names[0], "a");
        assertEquals(List.of("opened", "closed", REFUSED), happened);
    }
}
