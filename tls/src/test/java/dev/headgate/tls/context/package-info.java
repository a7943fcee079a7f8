/** Tests of contexts. */
@NullMarked
package dev.headgate.tls.context;

import org.jspecify.annotations.NullMarked;
