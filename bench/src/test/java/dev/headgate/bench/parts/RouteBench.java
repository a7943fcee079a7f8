package dev.headgate.bench.parts;

import dev.headgate.config.HostPattern;
import dev.headgate.config.PathPattern;
import dev.headgate.config.RouteConfig.RouteMatch;
import dev.headgate.engine.io.Chance;
import dev.headgate.route.RouteTable;
import dev.headgate.route.RouteTableBuilder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Does a match take as long among ten thousand routes as among ten, and what would reading the list from the top take? */
@State(Scope.Thread)
public class RouteBench {
    private static final int PATHS_PER_HOST = 10;
    private static final int REQUESTS = 64;

    @Param({"10", "10000"})
    private int routes = 10;

    private final List<RouteMatch> list = new ArrayList<>();
    private final String[] hosts = new String[REQUESTS];
    private final String[] paths = new String[REQUESTS];
    private final ByteBuffer[] requests = new ByteBuffer[REQUESTS];
    private RouteTable<RouteMatch> table =
            RouteTable.<RouteMatch>builder(chance()).build();
    private int next;

    private static Chance chance() {
        var random = new SplittableRandom(1);
        return new Chance() {
            @Override
            public long nextLong() {
                return random.nextLong();
            }

            @Override
            public int nextInt(int bound) {
                return random.nextInt(bound);
            }
        };
    }

    @Setup
    public void setUp() {
        list.clear();
        RouteTableBuilder<RouteMatch> builder = RouteTable.builder(chance());
        for (int i = 0; i < routes; i++) {
            var host = new HostPattern("host" + i / PATHS_PER_HOST + ".example.com");
            var path = new PathPattern("/service" + i % PATHS_PER_HOST + "/**");
            var match = new RouteMatch(List.of(host), List.of(path));
            list.add(match);
            builder.add(match, match);
        }
        table = builder.build();
        var random = new SplittableRandom(2);
        for (int i = 0; i < REQUESTS; i++) {
            int route = random.nextInt(routes);
            hosts[i] = "host" + route / PATHS_PER_HOST + ".example.com";
            paths[i] = "/service" + route % PATHS_PER_HOST + "/orders/17";
            byte[] bytes = (hosts[i] + paths[i]).getBytes(StandardCharsets.US_ASCII);
            requests[i] = ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
        }
    }

    @Benchmark
    public Object table() {
        int i = next++ & REQUESTS - 1;
        int hostLength = hosts[i].length();
        return table.match(requests[i], 0, hostLength, hostLength, paths[i].length());
    }

    @Benchmark
    public Object list() {
        int i = next++ & REQUESTS - 1;
        for (RouteMatch route : list) {
            if (route.hosts().getFirst().matches(hosts[i])
                    && route.paths().getFirst().matches(paths[i])) {
                return route;
            }
        }
        return this;
    }
}
