// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.spring.web.reactive;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.BeanFactoryAware;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.http.server.reactive.HttpHandler;

/**
 * Wraps the application's {@link HttpHandler}, in front of everything that Spring WebFlux does. Leaves a bean alone that
 * is declared as something more special, which others may depend on.
 *
 * <p>A {@link org.springframework.http.server.reactive.HttpHandlerDecoratorFactory} is made for this. It is a
 * {@link java.util.function.Function}, and Spring Cloud Function takes a bean of that kind for one of the application's.
 */
public abstract class HttpHandlerWrapper implements BeanPostProcessor, BeanFactoryAware {

    private @Nullable ConfigurableBeanFactory beans;

    /** Creates a wrapper for the handlers of the context that it is a bean of. */
    protected HttpHandlerWrapper() {}

    @Override
    public final void setBeanFactory(BeanFactory beanFactory) {
        this.beans = (beanFactory instanceof ConfigurableBeanFactory configurable) ? configurable : null;
    }

    @Override
    public final Object postProcessAfterInitialization(Object bean, String beanName) {
        return (bean instanceof HttpHandler handler && isPlain(beanName)) ? wrap(handler) : bean;
    }

    private boolean isPlain(String beanName) {
        ConfigurableBeanFactory known = this.beans;
        return known != null
                && known.containsLocalBean(beanName)
                && known.getMergedBeanDefinition(beanName).getResolvableType().resolve() == HttpHandler.class;
    }

    /** Returns a handler around {@code handler}; called once for each. */
    protected abstract HttpHandler wrap(HttpHandler handler);
}
