// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.spring.websocket;

import io.github.springdrain.spring.ShutdownPhase;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.context.SmartLifecycle;
import org.springframework.core.Ordered;
import org.springframework.messaging.simp.annotation.support.SimpAnnotationMethodMessageHandler;
import org.springframework.messaging.simp.broker.AbstractBrokerMessageHandler;
import org.springframework.messaging.simp.user.UserDestinationMessageHandler;
import org.springframework.web.socket.messaging.SubProtocolWebSocketHandler;

/**
 * Lets Spring's STOMP support stop only after the drain. In a higher lifecycle phase it would close every session in the
 * same instant, and pass on no message from then on. In the phase that {@code @EnableWebSocketMessageBroker} gives it,
 * zero, it stops later anyway; where an application has chosen one, or declares these beans itself, it may not.
 */
public final class LateMessageBroker implements BeanPostProcessor, Ordered {

    private static final int PHASE = ShutdownPhase.MESSAGE_BROKER.value();

    @Override
    public int getOrder() {
        return LOWEST_PRECEDENCE;
    }

    @Override
    public Object postProcessAfterInitialization(Object bean, String beanName) {
        if (bean instanceof SmartLifecycle lifecycle && lifecycle.getPhase() > PHASE) {
            if (bean instanceof SubProtocolWebSocketHandler sessions) {
                sessions.setPhase(PHASE);
            } else if (bean instanceof AbstractBrokerMessageHandler broker) {
                broker.setPhase(PHASE);
            } else if (bean instanceof SimpAnnotationMethodMessageHandler methods) {
                methods.setPhase(PHASE);
            } else if (bean instanceof UserDestinationMessageHandler users) {
                users.setPhase(PHASE);
            }
        }
        return bean;
    }
}
