// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.jetty;

import io.github.springdrain.server.adapter.DrainConnector;
import org.eclipse.jetty.server.Connector;

/** One connector of Jetty. */
interface JettyConnector extends DrainConnector {

    Connector connector();

    /** The connector is being started, maybe once more after a drain. */
    void starting();

    /** The name it was given, or its protocols. */
    @Override
    default String name() {
        String given = connector().getName();
        return (given != null) ? given : connector().getProtocols().toString();
    }

    @Override
    default boolean isStarted() {
        return connector().isStarted();
    }
}
