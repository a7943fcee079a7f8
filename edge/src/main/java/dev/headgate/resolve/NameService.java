package dev.headgate.resolve;

import dev.headgate.config.UpstreamConfig.DnsConfig.Family;
import dev.headgate.engine.AnyThread;

/** Looks names up, one question at a time for each name however many ask for it. Keeps no answers. */
@AnyThread
public interface NameService extends AutoCloseable {
    /**
     * Looks up the addresses behind {@code host}, which ends with a dot where it is absolute.
     *
     * @param wanted which of them count: others are not asked for, or at least not waited for as long
     * @return false when too many look-ups are under way; {@code listener} hears nothing
     */
    boolean addresses(String host, Family wanted, LookUpListener<AddressAnswer> listener);

    /** Looks up where the service {@code name} is, such as {@code _http._tcp.app.example}, with the addresses of each place; otherwise likewise. */
    boolean services(String name, Family wanted, LookUpListener<ServiceAnswer> listener);

    /** Takes note of changed files of the system, for which it may wait; always by the same thread, from time to time. */
    void refresh(long nowNs);

    /** Takes no more look-ups; who waits for one may hear nothing more. */
    @Override
    void close();
}
