// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.actuate;

import io.github.springdrain.DrainTrigger;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.jmx.annotation.EndpointJmxExtension;

/** The operation that waits, over JMX, where it has a name of its own instead of a path. */
@EndpointJmxExtension(endpoint = DrainEndpoint.class)
public final class DrainEndpointJmxExtension {

    private final DrainEndpoint endpoint;

    /** Creates the extension of one endpoint. */
    public DrainEndpointJmxExtension(DrainEndpoint endpoint) {
        this.endpoint = endpoint;
    }

    /**
     * Starts or joins the drain, and returns when no client waits for a response any longer.
     *
     * @throws IllegalStateException if there is no server to drain
     */
    @WriteOperation
    public DrainDescriptor startAndWait() {
        return this.endpoint.startAndWait(DrainTrigger.ENDPOINT);
    }
}
