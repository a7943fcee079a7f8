/**
 * What the code keeps to, read from its class files. Start reading at {@link dev.headgate.architecture.ArchitectureTest}.
 *
 * <p>Threading: none; class files are read by the test's own thread.
 */
@NullMarked
package dev.headgate.architecture;

import org.jspecify.annotations.NullMarked;
