/**
 * What the kernel knows of a listener, and how it is told to refuse new handshakes while it finishes those it has.
 * Needs the JDK alone; Linux for anything better than counting what the server accepts.
 */
@NullMarked
package io.github.springdrain.kernel;

import org.jspecify.annotations.NullMarked;
