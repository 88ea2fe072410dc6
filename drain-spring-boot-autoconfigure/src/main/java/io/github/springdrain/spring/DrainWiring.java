// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.spring;

import io.github.springdrain.Drain;
import io.github.springdrain.DrainListener;
import io.github.springdrain.DrainParticipant;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.stream.Stream;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;

/**
 * Registers the application's listeners and participants with the drain. Once every singleton is there, because the
 * drain itself is created along with the web server, long before beans that a participant may depend on.
 */
public final class DrainWiring implements SmartInitializingSingleton {

    private final ListableBeanFactory factory;

    private final Drain drain;

    private final ObjectProvider<DrainListener> listeners;

    private final ObjectProvider<DrainParticipant> participants;

    /** Creates the wiring of one context. */
    public DrainWiring(
            ListableBeanFactory factory,
            Drain drain,
            ObjectProvider<DrainListener> listeners,
            ObjectProvider<DrainParticipant> participants) {
        this.factory = factory;
        this.drain = drain;
        this.listeners = listeners;
        this.participants = participants;
    }

    @Override
    public void afterSingletonsInstantiated() {
        ownOnly(this.listeners, DrainListener.class).forEach(this.drain::addListener);
        ownOnly(this.participants, DrainParticipant.class).forEach(this.drain::addParticipant);
    }

    /** What a parent context has takes part in that one's drain. */
    private <T> Stream<T> ownOnly(ObjectProvider<T> beans, Class<T> type) {
        Set<T> own = Collections.newSetFromMap(new IdentityHashMap<>());
        own.addAll(this.factory.getBeansOfType(type).values());
        return beans.orderedStream().filter(own::contains);
    }
}
