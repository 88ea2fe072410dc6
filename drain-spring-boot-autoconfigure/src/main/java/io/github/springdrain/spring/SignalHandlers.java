// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.spring;

import java.util.function.Consumer;

/** The signals of this process: one seam, so that a test can send some without ending its own JVM. */
interface SignalHandlers {

    /** Where no signal is handled. */
    SignalHandlers NONE = new SignalHandlers() {

        @Override
        public boolean isSignalled() {
            return false;
        }

        @Override
        public Installed install(String signal, Consumer<Runnable> handler) {
            return () -> {};
        }
    };

    /** Whether a signal has begun the shutdown of the JVM. */
    boolean isSignalled();

    /**
     * Calls {@code handler} for each signal, on a thread of its own each time.
     *
     * @param signal its name without the prefix, such as {@code TERM}
     * @param handler gets the way to pass the signal on to whoever handled it before
     * @throws UnsupportedOperationException if that is not possible; the message says why
     */
    Installed install(String signal, Consumer<Runnable> handler);

    /** A handler that is in place. */
    interface Installed {

        /** Puts the former handler back, unless another one has been installed in the meantime. */
        void restore();
    }
}
