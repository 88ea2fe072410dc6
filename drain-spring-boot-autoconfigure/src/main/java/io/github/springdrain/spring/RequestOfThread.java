// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.spring;

import org.jspecify.annotations.Nullable;

/** Knows which request the calling thread serves, where it is no thread of the server. */
public interface RequestOfThread {

    /** The client's address and port, as in the snapshot of its connection; {@code null} where there is no such request. */
    @Nullable String remote();
}
