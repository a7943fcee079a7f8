/**
 * Which endpoints an upstream is to have: those that are configured, and those that names and files say. Start reading at
 * {@link dev.headgate.discover.WantedEndpoint}, then {@link dev.headgate.discover.UpstreamSources}.
 *
 * <p>Threading: sources belong to the balancer agent, which alone asks them; what they find out elsewhere comes back to it as a command.
 */
@NullMarked
package dev.headgate.discover;

import org.jspecify.annotations.NullMarked;
