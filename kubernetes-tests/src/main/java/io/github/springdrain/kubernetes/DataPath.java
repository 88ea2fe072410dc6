// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.kubernetes;

import java.util.List;

/** What clients reach the pods through. Thread-safe; closed with its namespaces. */
interface DataPath extends AutoCloseable {

    /** The address that clients dial. */
    String host();

    /** The port that clients dial. */
    int port();

    /** Sends new connections or requests to these pods and to no others; returns when it does. */
    void route(List<String> addresses);

    /** Waits until it sends to exactly so many pods, where it finds out by itself. */
    void awaitRouted(int pods);

    @Override
    void close();
}
