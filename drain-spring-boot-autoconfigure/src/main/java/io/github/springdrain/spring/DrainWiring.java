package io.github.springdrain.spring;

import io.github.springdrain.Drain;
import io.github.springdrain.DrainListener;
import io.github.springdrain.DrainParticipant;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;

/**
 * Registers the application's listeners and participants with the drain. Once every singleton is there, because the
 * drain itself is created along with the web server, long before beans that a participant may depend on.
 */
public final class DrainWiring implements SmartInitializingSingleton {

    private final Drain drain;

    private final ObjectProvider<DrainListener> listeners;

    private final ObjectProvider<DrainParticipant> participants;

    /** Creates the wiring of one context. */
    public DrainWiring(
            Drain drain, ObjectProvider<DrainListener> listeners, ObjectProvider<DrainParticipant> participants) {
        this.drain = drain;
        this.listeners = listeners;
        this.participants = participants;
    }

    @Override
    public void afterSingletonsInstantiated() {
        this.listeners.orderedStream().forEach(this.drain::addListener);
        this.participants.orderedStream().forEach(this.drain::addParticipant);
    }
}
