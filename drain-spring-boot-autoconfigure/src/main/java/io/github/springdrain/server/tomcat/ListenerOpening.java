// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.tomcat;

import io.github.springdrain.server.GatedListener;
import io.github.springdrain.server.acceptqueue.Sharing;
import java.util.function.Consumer;

/**
 * How the listeners of one Tomcat are opened.
 *
 * @param sharing whom they belong to
 * @param opened receives each when it has been bound
 */
record ListenerOpening(Sharing sharing, Consumer<GatedListener> opened) {

    /** As Tomcat does. */
    static final ListenerOpening PLAIN = new ListenerOpening(Sharing.NONE, (listener) -> {});
}
