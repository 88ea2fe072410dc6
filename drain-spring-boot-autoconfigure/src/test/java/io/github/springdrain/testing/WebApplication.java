// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.testing;

import io.github.springdrain.autoconfigure.DrainAutoConfiguration;
import io.github.springdrain.engine.DrainEngine;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.boot.web.servlet.context.AnnotationConfigServletWebServerApplicationContext;
import org.springframework.context.ApplicationEvent;
import org.springframework.context.ApplicationListener;

/** An application in the web application context of Boot 3.5 itself, with a web server that has no sockets. */
public final class WebApplication {

    private final List<String> story = new CopyOnWriteArrayList<>();

    private final RecordingServer server = new RecordingServer(this.story);

    private final AnnotationConfigServletWebServerApplicationContext context =
            new AnnotationConfigServletWebServerApplicationContext();

    /** What happened to the server and to the application, in order. */
    public List<String> story() {
        return this.story;
    }

    public RecordingServer server() {
        return this.server;
    }

    public AnnotationConfigServletWebServerApplicationContext context() {
        return this.context;
    }

    public WebApplication with(String... properties) {
        TestPropertyValues.of(properties).applyTo(this.context);
        return this;
    }

    /** Adds a listener of the application's own, as late as any other. */
    public <E extends ApplicationEvent> WebApplication on(Class<E> type, Consumer<E> listener) {
        this.context.addApplicationListener((ApplicationListener<ApplicationEvent>) (event) -> {
            if (type.isInstance(event)) {
                listener.accept(type.cast(event));
            }
        });
        return this;
    }

    /** Starts the application with the recording server attached. */
    public DrainEngine start(Class<?>... configurations) {
        this.context.registerBean(RecordingWebServerFactory.class, () -> new RecordingWebServerFactory(this.story));
        this.context.register(DrainAutoConfiguration.class);
        for (Class<?> configuration : configurations) {
            this.context.register(configuration);
        }
        this.context.refresh();
        DrainEngine drain = this.context.getBean(DrainEngine.class);
        drain.attach(this.server);
        return drain;
    }

    public void close() {
        this.context.close();
    }

    /** Closes without a drain. */
    public void abandon() {
        this.server.stop();
        close();
    }
}
