package io.github.springdrain.server.tomcat;

import io.github.springdrain.ConnectionSnapshot;
import io.github.springdrain.ConnectionState;
import java.util.Collections;
import java.util.List;
import org.apache.catalina.Container;
import org.apache.catalina.Context;
import org.apache.catalina.core.StandardContext;
import org.apache.catalina.core.StandardWrapper;

/** Counts requests by the servlets they are in, which is what Tomcat shows of those on connectors that are not ours. */
final class AllocatedServlets {

    private final Context context;

    AllocatedServlets(Context context) {
        this.context = context;
    }

    /** One anonymous connection for each request that none of {@code exact} accounts for. */
    List<ConnectionSnapshot> snapshots(List<DrainConnector> exact) {
        long known = exact.stream()
                .flatMap((connector) -> connector.connections().stream())
                .mapToLong((connection) -> connection.requests().size())
                .sum();
        int unknown = (int) Math.max(0, inService() - known);
        return Collections.nCopies(unknown, new ConnectionSnapshot(ConnectionState.IN_SERVICE, "?", "?", List.of()));
    }

    private long inService() {
        long count = (this.context instanceof StandardContext standard) ? standard.getInProgressAsyncCount() : 0;
        for (Container child : this.context.findChildren()) {
            count += (child instanceof StandardWrapper wrapper) ? wrapper.getCountAllocated() : 0;
        }
        return count;
    }
}
