/**
 * What stands behind names: a DNS client of our own that blocks nobody, or the system's resolver where it is wanted. Start reading at
 * {@link dev.headgate.resolve.NameService} and {@link dev.headgate.resolve.Resolver}.
 *
 * <p>Threading: a resolver, with its look-ups and questions, belongs to one loop; services may be asked by any thread, and answer on the thread of
 * whoever has looked up. Messages and names are values, and decoders belong to their caller. Files are read by the thread that calls
 * {@link dev.headgate.resolve.NameService#refresh}.
 */
@NullMarked
package dev.headgate.resolve;

import org.jspecify.annotations.NullMarked;
