package dev.headgate.balance;

import dev.headgate.discover.WantedEndpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Which endpoints of a list an upstream takes that may not have them all. */
final class ListBound {
    private ListBound() {}

    /**
     * Those that are there already, then whoever comes first, in the order of the list.
     *
     * @param present the identities of those that are there
     * @param max how many there may be
     */
    static List<WantedEndpoint> within(List<WantedEndpoint> list, Set<String> present, int max) {
        if (list.size() <= max) {
            return list;
        }
        long staying =
                list.stream().filter(each -> present.contains(each.identity())).count();
        long roomForOthers = Math.max(0, max - staying);
        List<WantedEndpoint> taken = new ArrayList<>(max);
        for (WantedEndpoint each : list) {
            boolean isThere = present.contains(each.identity());
            if (taken.size() < max && (isThere || roomForOthers > 0)) {
                taken.add(each);
                roomForOthers -= isThere ? 0 : 1;
            }
        }
        return List.copyOf(taken);
    }
}
