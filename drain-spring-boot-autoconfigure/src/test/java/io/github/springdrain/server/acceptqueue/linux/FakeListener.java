// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.acceptqueue.linux;

import io.github.springdrain.server.GatedListener;
import java.net.InetSocketAddress;

/** A listener that says what a test wants it to. */
final class FakeListener implements GatedListener {

    private final InetSocketAddress address;

    boolean waiting = true;

    long accepted;

    FakeListener(int port) {
        this.address = new InetSocketAddress(port);
    }

    @Override
    public InetSocketAddress address() {
        return this.address;
    }

    @Override
    public boolean isAcceptorWaiting() {
        return this.waiting;
    }

    @Override
    public long accepted() {
        return this.accepted;
    }
}
