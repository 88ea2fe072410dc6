// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.tomcat;

import io.github.springdrain.server.adapter.DrainConnector;
import org.apache.catalina.connector.Connector;

/** One connector of Tomcat. */
interface TomcatConnector extends DrainConnector {

    Connector connector();

    /** The connector is being started, maybe once more after a drain. */
    void starting();

    @Override
    default String name() {
        return connector().toString();
    }

    @Override
    default boolean isStarted() {
        return connector().getState().isAvailable();
    }
}
