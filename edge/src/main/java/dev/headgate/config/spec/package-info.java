/**
 * A small language for declaring keys: one declaration reads a key, checks it, prints it, and describes it in the schema
 * and in the reference. Start reading at {@link dev.headgate.config.spec.ObjectSpec}.
 *
 * <p>Threading: declarations are immutable; a {@link dev.headgate.config.spec.Reading} belongs to one thread.
 */
@NullMarked
package dev.headgate.config.spec;

import org.jspecify.annotations.NullMarked;
