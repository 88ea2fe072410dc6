package io.github.springdrain.spring;

import org.springframework.context.SmartLifecycle;

/**
 * The lifecycle phases in which the library stops, in their order. Spring stops higher phases first, and Spring Boot has
 * three of its own in between: the graceful shutdown of the web server ({@code DEFAULT_PHASE - 1024}), the management
 * server ({@code - 1536}) and the web server itself ({@code - 2048}).
 */
public final class ShutdownPhases {

    /**
     * The second stage of the drain. After listeners of messages, which are {@code DEFAULT_PHASE}; before Boot's graceful
     * shutdown; and in a phase that nobody else has, because blocking it holds up every other bean in it.
     */
    public static final int DRAIN = SmartLifecycle.DEFAULT_PHASE - 1023;

    /** Spring's STOMP support, where it would stop earlier: its sessions are closed by the drain, one by one. */
    public static final int MESSAGE_BROKER = SmartLifecycle.DEFAULT_PHASE - 1024;

    /** The closing of the context, for those who must not know of it before the drain is over: executors, meters. */
    public static final int LATE_CLOSE_LISTENERS = SmartLifecycle.DEFAULT_PHASE - 1025;

    /** After the drain, which asks whether an application without a server is in service; starts after the server. */
    static final int WITHOUT_SERVER = SmartLifecycle.DEFAULT_PHASE - 1026;

    /** The thread that closes the context forgets the interrupt that it may have got as a worker of the web server. */
    public static final int CLOSING_THREAD = SmartLifecycle.DEFAULT_PHASE - 2049;

    /** Service registries, before the automatic registrations, which end as their beans are destroyed. */
    public static final int SERVICE_REGISTRIES = 0;

    private ShutdownPhases() {}
}
