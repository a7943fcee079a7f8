/**
 * What a TLS side shows and accepts: versions, cipher suites, certificates by name. Start reading at
 * {@link dev.headgate.tls.context.ServerContext}.
 *
 * <p>Threading: everything here may be used by all threads. What is not immutable is swapped as a whole, by one volatile write.
 */
@NullMarked
package dev.headgate.tls.context;

import org.jspecify.annotations.NullMarked;
