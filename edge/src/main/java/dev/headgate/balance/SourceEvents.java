package dev.headgate.balance;

import dev.headgate.discover.UpstreamSources;
import dev.headgate.observe.EndpointListMetrics;
import dev.headgate.observe.ErrorLog;
import dev.headgate.observe.LogEvent;

/** Tells the log and the counters what the sources of an upstream's endpoints find. */
record SourceEvents(EndpointListMetrics metrics, ErrorLog errors) implements UpstreamSources.Observer {
    @Override
    public void onLookUpFailed(String upstream, String host, String reason) {
        metrics.onLookUpFailed();
        errors.report(LogEvent.UPSTREAM_RESOLVE_FAILED, "upstream", upstream, "endpoint", host, "failure", reason);
    }

    @Override
    public void onListChanged(String upstream, String path, int endpoints) {
        metrics.onListChanged();
        errors.report(LogEvent.ENDPOINT_LIST_CHANGED, "upstream", upstream, "file", path, "endpoints", endpoints);
    }

    @Override
    public void onListUnusable(String upstream, String path, String failure) {
        metrics.onListUnusable();
        errors.report(LogEvent.ENDPOINT_LIST_UNUSABLE, "upstream", upstream, "file", path, "failure", failure);
    }
}
