package dev.headgate.listener;

import dev.headgate.config.ListenerConfig;
import dev.headgate.config.ListenerTls;
import dev.headgate.forward.HeaderEdits;

/** {@code Strict-Transport-Security} of a listener, made once. */
final class TransportSecurity {
    private static final String FIELD = "Strict-Transport-Security";

    private TransportSecurity() {}

    /** What its responses get in place of any other field of that name; nothing unless the configuration asks for it. */
    static HeaderEdits of(ListenerConfig config) {
        return config.tls()
                .flatMap(ListenerTls::hsts)
                .map(hsts -> HeaderEdits.builder().set(FIELD, hsts.fieldValue()).build())
                .orElse(HeaderEdits.NONE);
    }
}
