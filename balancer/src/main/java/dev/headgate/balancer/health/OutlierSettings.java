package dev.headgate.balancer.health;

/**
 * When an endpoint differs so much from the others that it is an outlier.
 *
 * @param factor how many standard deviations from the mean of the others
 * @param marginPercent and at least so far from it, in percent of the mean: where all are alike, deviations are tiny
 * @param endpointsMin with fewer endpoints that have enough requests, none is an outlier; at least 3
 * @param requestsMin an endpoint with fewer requests in the window is left out
 */
public record OutlierSettings(double factor, int marginPercent, int endpointsMin, int requestsMin) {
    public OutlierSettings {
        if (!(factor >= 0) || factor > 1_000) {
            throw new IllegalArgumentException("factor out of range: " + factor);
        }
        if (marginPercent < 0 || marginPercent > 10_000) {
            throw new IllegalArgumentException("marginPercent out of range: " + marginPercent);
        }
        if (endpointsMin < 3 || requestsMin < 1) {
            throw new IllegalArgumentException(
                    "too few to compare: endpointsMin=" + endpointsMin + ", requestsMin=" + requestsMin);
        }
    }
}
