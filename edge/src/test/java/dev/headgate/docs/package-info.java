/**
 * The documents held against the code. Start reading at {@link dev.headgate.docs.DocumentationTest}.
 *
 * <p>Threading: none.
 */
@NullMarked
package dev.headgate.docs;

import org.jspecify.annotations.NullMarked;
