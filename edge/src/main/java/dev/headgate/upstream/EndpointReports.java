package dev.headgate.upstream;

import dev.headgate.balancer.health.EjectionReason;
import dev.headgate.engine.AnyThread;

/** Takes what loops have to say of endpoints, for whoever decides about them. Never waits; what cannot be taken is dropped and counted. */
@AnyThread
public interface EndpointReports {
    /** As many failures in a row as the configuration allows. */
    void onFailuresInARow(UpstreamNode upstream, EndpointNode endpoint, EjectionReason reason);
}
