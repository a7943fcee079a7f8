/**
 * Names for tests: messages of the domain name system, written and read plainly, and a server that says what a script tells it. Start reading
 * at {@link dev.headgate.testkit.dns.DnsMessage}.
 *
 * <p>Threading: messages are their maker's; a server may be told what to say by any thread.
 */
@NullMarked
package dev.headgate.testkit.dns;

import org.jspecify.annotations.NullMarked;
