/** What answers to checks are taken for. */
@NullMarked
package dev.headgate.probe;

import org.jspecify.annotations.NullMarked;
