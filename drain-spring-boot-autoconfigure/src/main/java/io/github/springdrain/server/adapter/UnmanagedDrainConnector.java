// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.adapter;

import io.github.springdrain.ConnectionSnapshot;
import io.github.springdrain.server.GatedListener;
import io.github.springdrain.server.IdleLimits;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A connector that is left to its container, which shuts it down as Spring Boot does; no other step touches it. */
public interface UnmanagedDrainConnector extends DrainConnector {

    @Override
    default boolean isManaged() {
        return false;
    }

    @Override
    default @Nullable GatedListener listener() {
        return null;
    }

    @Override
    default void announce(double closeShare) {}

    @Override
    default void liftConnectionLimit() {}

    /** None, unless the connector counts its requests. */
    @Override
    default List<ConnectionSnapshot> connections() {
        return List.of();
    }

    @Override
    default void closeIdle(IdleLimits limits) {}

    @Override
    default void abort(Predicate<ConnectionSnapshot> spare) {}

    @Override
    default long accepted() {
        return 0;
    }
}
