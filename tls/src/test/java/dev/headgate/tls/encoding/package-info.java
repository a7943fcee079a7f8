@NullMarked
package dev.headgate.tls.encoding;

import org.jspecify.annotations.NullMarked;
