// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.acceptqueue.linux;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Socket calls that remember what was set, and refuse what a test wants them to. */
class FakeSocketCalls implements SocketCalls {

    final List<String> set = new ArrayList<>();

    private final Map<Integer, Integer> devices = new HashMap<>();

    boolean refusing;

    boolean pretending;

    @Override
    public void setInt(int fd, SocketCalls.Option option, int value) throws IOException {
        requireAllowed(option);
        this.set.add("device " + fd);
        if (!this.pretending) {
            this.devices.put(fd, value);
        }
    }

    @Override
    public int getInt(int fd, SocketCalls.Option option) {
        return this.devices.getOrDefault(fd, 0);
    }

    @Override
    public void attachSynFilter(int fd) throws IOException {
        requireAllowed(SocketCalls.Option.SO_ATTACH_FILTER);
        this.set.add("filter " + fd);
    }

    @Override
    public void steer(int fd, int index) throws IOException {
        requireAllowed(SocketCalls.Option.SO_ATTACH_REUSEPORT_CBPF);
        this.set.add("steer " + fd + " to " + index);
    }

    private void requireAllowed(SocketCalls.Option option) throws IOException {
        if (this.refusing) {
            throw new IOException(option + " refused");
        }
    }
}
