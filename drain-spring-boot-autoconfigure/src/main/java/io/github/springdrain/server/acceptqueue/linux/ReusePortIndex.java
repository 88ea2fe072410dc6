// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.acceptqueue.linux;

/**
 * Members of a group that listens on one address by {@code SO_REUSEPORT}. The kernel numbers them in the order in which
 * they began to listen; when one closes, the last one takes its number (socket(7)).
 */
final class ReusePortIndex {

    /** Whoever began to listen first. */
    static final int FIRST = 0;

    /** Whoever began to listen next. */
    static final int NEXT = 1;

    private ReusePortIndex() {}
}
