// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.spring.rsocket;

import java.net.InetSocketAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.rsocket.context.RSocketServerInitializedEvent;
import org.springframework.context.ApplicationListener;

/** Says that an RSocket server on a port of its own is not drained. */
public final class UndrainedRSocketServers implements ApplicationListener<RSocketServerInitializedEvent> {

    private static final Logger logger = LoggerFactory.getLogger(UndrainedRSocketServers.class);

    @Override
    public void onApplicationEvent(RSocketServerInitializedEvent event) {
        InetSocketAddress address = event.getServer().address();
        logger.info(
                "The RSocket server on port {} is not drained: it stops as it does without the starter",
                (address != null) ? address.getPort() : "?");
    }
}
