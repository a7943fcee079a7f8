/**
 * The vocabulary that HTTP codecs share: message heads as an index over bytes, known names, limits and faults. Start
 * reading at {@link dev.headgate.http.FieldSection}, then {@link dev.headgate.http.RequestHead}.
 *
 * <p>Threading: nothing here is thread-safe; every mutable object is owned by its caller. Nothing here does I/O, reads a
 * clock or throws for a peer's fault.
 */
@NullMarked
package dev.headgate.http;

import org.jspecify.annotations.NullMarked;
