package dev.headgate.testkit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Names the rows of the threat table that a test proves, the first of which begins the test's name. The ledger in {@code docs/security.md} is
 * made of these.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface ThreatRow {
    /** For example {@code H1-01}. */
    String[] value();

    /** What befell other programs in this way, for example {@code "HAProxy CVE-2023-40225"}. */
    String[] advisory() default {};

    /** What comes of it, as the ledger says it; empty for tests of a part of the proxy, and where another test of the row says it. */
    String outcome() default "";
}
