// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.tomcat;

import java.util.List;
import org.apache.catalina.Container;
import org.apache.catalina.Server;
import org.apache.catalina.Service;
import org.apache.catalina.core.StandardContext;
import org.apache.catalina.core.StandardWrapper;

/** Counts active requests by the servlets they are in, as Spring Boot's own graceful shutdown does. */
final class AllocatedServlets {

    private AllocatedServlets() {}

    static long count(List<Server> servers) {
        long count = 0;
        for (Server server : servers) {
            for (Service service : server.findServices()) {
                count += count(service.getContainer());
            }
        }
        return count;
    }

    private static long count(Container container) {
        if (container instanceof StandardWrapper wrapper) {
            return wrapper.getCountAllocated();
        }
        long count = (container instanceof StandardContext context) ? context.getInProgressAsyncCount() : 0;
        for (Container child : container.findChildren()) {
            count += count(child);
        }
        return count;
    }
}
