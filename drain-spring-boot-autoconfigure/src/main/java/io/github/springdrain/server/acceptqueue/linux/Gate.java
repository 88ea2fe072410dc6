// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.acceptqueue.linux;

import io.github.springdrain.server.GateLevel;
import java.io.IOException;

/**
 * A way to keep new handshakes away from a listening socket that goes on with those it has. There is no way back: undoing
 * it takes privileges that a server does not have.
 */
enum Gate {

    /** Binds the socket to a device that is not there; the kernel's lookup skips it from then on and sends RST. */
    DEVICE(GateLevel.DEVICE_GATE) {

        @Override
        void set(SocketCalls calls, int fd) throws IOException {
            // The kernel lets a process without privileges set it only once.
            if (calls.getInt(fd, SocketCalls.Option.SO_BINDTOIFINDEX) == NO_DEVICE) {
                return;
            }
            calls.setInt(fd, SocketCalls.Option.SO_BINDTOIFINDEX, NO_DEVICE);
            int index = calls.getInt(fd, SocketCalls.Option.SO_BINDTOIFINDEX);
            // Some sandboxes say yes to every option and do nothing.
            if (index != NO_DEVICE) {
                throw new IOException("SO_BINDTOIFINDEX was set to " + NO_DEVICE + " and reads " + index);
            }
        }
    },

    /** Drops SYNs. */
    SYN_FILTER(GateLevel.SYN_FILTER) {

        @Override
        void set(SocketCalls calls, int fd) throws IOException {
            calls.attachSynFilter(fd);
        }
    };

    /** The greatest index there can be; the kernel numbers devices from 1. */
    private static final int NO_DEVICE = Integer.MAX_VALUE;

    private final GateLevel level;

    Gate(GateLevel level) {
        this.level = level;
    }

    GateLevel level() {
        return this.level;
    }

    /**
     * Sets the gate on a listening socket; does nothing if it is set.
     *
     * @throws IOException if that is not possible; the message says why
     */
    abstract void set(SocketCalls calls, int fd) throws IOException;
}
