/**
 * What forwarding adds to a message, and what it takes away: who the client is, which hops a request took, which request
 * it is, and what responses tell about origins. Start reading at {@link dev.headgate.forward.ForwardingFields}, then
 * {@link dev.headgate.forward.ClientResolver}.
 *
 * <p>Threading: {@link dev.headgate.forward.ForwardingFields} and {@link dev.headgate.forward.ClientResolver} hold
 * scratch space and belong to one loop; everything else is immutable or owned by its caller.
 */
@NullMarked
package dev.headgate.forward;

import org.jspecify.annotations.NullMarked;
