// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.autoconfigure;

import io.github.springdrain.server.acceptqueue.linux.ListenerGate;
import java.time.Duration;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The accept queue.
 *
 * @param timeout Time for emptying the accept queues; behind a gate more while connections are being accepted.
 * @param gate Means by which the kernel refuses new handshakes while the accept queue is emptied.
 * @param quietPeriod Time without a new connection after which a listener is closed where there is no gate.
 */
record AcceptQueueProperties(
        @DefaultValue("3s") Duration timeout,
        @DefaultValue("auto") Gate gate,
        @DefaultValue("1s") Duration quietPeriod) {

    /** Means by which the kernel refuses new handshakes. */
    enum Gate {

        /** The best one the kernel offers. */
        AUTO,

        /** A listener bound to a device that does not exist. */
        DEVICE,

        /** A packet filter on the listener. */
        SYN_FILTER,

        /** None. */
        OFF;

        ListenerGate.Mode mode() {
            return switch (this) {
                case AUTO -> ListenerGate.Mode.AUTO;
                case DEVICE -> ListenerGate.Mode.DEVICE;
                case SYN_FILTER -> ListenerGate.Mode.SYN_FILTER;
                case OFF -> ListenerGate.Mode.OFF;
            };
        }
    }
}
