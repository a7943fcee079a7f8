/**
 * What {@code headgate demo} puts around the proxy: two sample origins and a client that visits them. Start reading at
 * {@link dev.headgate.cli.demo.SampleOrigin}.
 *
 * <p>Threading: plain blocking sockets, one virtual thread per connection; nothing here is on the data plane.
 */
@NullMarked
package dev.headgate.cli.demo;

import org.jspecify.annotations.NullMarked;
