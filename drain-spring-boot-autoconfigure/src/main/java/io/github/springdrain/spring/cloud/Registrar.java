// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.spring.cloud;

/** Registers and deregisters this application with one registry. May block, and may fail. */
interface Registrar {

    void register() throws Exception;

    void deregister() throws Exception;

    /** The application stops, and was deregistered before. */
    default void stop() {}
}
