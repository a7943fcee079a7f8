@NullMarked
package dev.headgate.tls.credential;

import org.jspecify.annotations.NullMarked;
