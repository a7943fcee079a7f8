@NullMarked
package dev.headgate.tls.trust;

import org.jspecify.annotations.NullMarked;
