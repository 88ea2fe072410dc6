package io.github.springdrain.spring;

/** When the application's readiness changes to refusing traffic. */
public enum ReadinessPolicy {

    /** As soon as the drain is announced, so that load balancers stop sending. */
    IMMEDIATE,

    /** When the listeners are closed, for routers that send to a terminating instance only while it is ready. */
    AT_CLOSE,

    /** Not by the drain. */
    NEVER
}
