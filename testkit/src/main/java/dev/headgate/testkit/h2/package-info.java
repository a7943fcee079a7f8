/**
 * HTTP/2 at the level of frames, right or wrong, with a reader of its own that shares no code with the product. Start
 * reading at {@link dev.headgate.testkit.h2.Http2Peer}; {@link dev.headgate.testkit.h2.Frames} and
 * {@link dev.headgate.testkit.h2.FieldBlock} make what it sends.
 *
 * <p>Threading: a peer belongs to the test's thread, except that one other thread may send while the owner reads.
 */
@NullMarked
package dev.headgate.testkit.h2;

import org.jspecify.annotations.NullMarked;
