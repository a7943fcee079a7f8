package dev.headgate.route;

/** Which requests a route takes: those whose host and path both match. */
public record RoutePattern(HostPattern host, PathPattern path) {
    /** Takes every request. */
    public static final RoutePattern ANY = new RoutePattern(HostPattern.ANY, PathPattern.ANY);
}
