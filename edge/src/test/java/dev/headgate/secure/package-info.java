/** Tests of TLS as the configuration has it. */
@NullMarked
package dev.headgate.secure;

import org.jspecify.annotations.NullMarked;
