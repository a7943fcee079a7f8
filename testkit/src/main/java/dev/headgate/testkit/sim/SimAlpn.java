package dev.headgate.testkit.sim;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which application protocol an origin chooses of those that it is offered (RFC 7301). */
public enum SimAlpn {
    /** HTTP/2 or nothing. */
    HTTP_2,
    /** HTTP/1.1 or nothing. */
    HTTP_1,
    /** HTTP/2 where that is offered. */
    EITHER,
    /** One or the other, as several machines behind one address would. */
    BY_CONNECTION;

    static final String H2 = "h2";
    private static final String HTTP_1_1 = "http/1.1";

    /** The choice; null where there is none. */
    @Nullable
    String choose(List<String> offered, SimChance chance) {
        boolean isHttp2Wanted = this != HTTP_1 && (this != BY_CONNECTION || chance.nextInt(2) == 0);
        if (isHttp2Wanted && offered.contains(H2)) {
            return H2;
        }
        if (this != HTTP_2 && offered.contains(HTTP_1_1)) {
            return HTTP_1_1;
        }
        return this != HTTP_1 && offered.contains(H2) ? H2 : null;
    }
}
