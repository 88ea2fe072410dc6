// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.spring;

import org.springframework.context.SmartLifecycle;

/**
 * The lifecycle phases in which the library stops, in their order. Spring stops higher phases first, and Spring Boot has
 * three of its own in between: the graceful shutdown of the web server ({@code DEFAULT_PHASE - 1024}), the management
 * server ({@code - 1536}) and the web server itself ({@code - 2048}).
 */
public enum ShutdownPhase {

    /**
     * The second stage of the drain. After listeners of messages, which are {@code DEFAULT_PHASE}; before Boot's graceful
     * shutdown; and in a phase that nobody else has, because blocking it holds up every other bean in it.
     */
    DRAIN(SmartLifecycle.DEFAULT_PHASE - 1023),

    /** Spring's STOMP support, where it would stop earlier: its sessions are closed by the drain, one by one. */
    MESSAGE_BROKER(SmartLifecycle.DEFAULT_PHASE - 1024),

    /** The closing of the context, for those who must not know of it before the drain is over: executors, meters. */
    LATE_CLOSE_LISTENERS(SmartLifecycle.DEFAULT_PHASE - 1025),

    /** Whether an application without a server of the library's is in service, which the drain asks. */
    DRAIN_WITHOUT_SERVER(SmartLifecycle.DEFAULT_PHASE - 1026),

    /** The thread that closes the context forgets the interrupt that it may have got as a worker of the web server. */
    CLOSING_THREAD(SmartLifecycle.DEFAULT_PHASE - 2049),

    /** What still lingers is ended, so that a context that is stopped holds nothing open. */
    LINGERING_CONNECTIONS(SmartLifecycle.DEFAULT_PHASE - 2049),

    /** Service registries, before the automatic registrations, which end as their beans are destroyed. */
    SERVICE_REGISTRIES(0);

    private final int value;

    ShutdownPhase(int value) {
        this.value = value;
    }

    /** The phase as Spring counts it. */
    public int value() {
        return this.value;
    }
}
