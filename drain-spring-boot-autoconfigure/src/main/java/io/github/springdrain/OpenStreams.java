// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain;

/** The open-ended responses under way. Thread-safe; costs one entry in a set for each stream, and nothing else. */
public interface OpenStreams {

    /** Adds a stream, to be terminated by a drain; its registration has to be closed when it ends by itself. */
    Registration open(DrainableStream stream);

    /** How many streams are open. */
    int size();

    /** A stream's place among the open ones. */
    interface Registration {

        /** Gives the place up. Does nothing when called again. */
        void close();
    }
}
