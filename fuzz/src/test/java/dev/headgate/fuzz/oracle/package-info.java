/**
 * What messages mean, said a second time: readers written straight from the RFCs over whole texts, with neither states
 * nor buffers nor speed, against which the decoders are held. Start reading at
 * {@link dev.headgate.fuzz.oracle.PlainRequest}.
 *
 * <p>They share nothing with the decoders but the limits, which are arguments, and the models, which are text.
 *
 * <p>Threading: everything is stateless or immutable.
 */
@NullMarked
package dev.headgate.fuzz.oracle;

import org.jspecify.annotations.NullMarked;
