// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.spring;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.event.ContextRefreshedEvent;

/** One line in the log of an application that has started a web server and will not drain it. */
public final class StartUpNotice implements ApplicationListener<ContextRefreshedEvent> {

    /** The bean by which Boot starts and stops the server; registered only where a server was created. */
    private static final String WEB_SERVER_LIFECYCLE = "webServerStartStop";

    private static final Logger logger = LoggerFactory.getLogger(StartUpNotice.class);

    private final ConfigurableApplicationContext context;

    private final Supplier<@Nullable String> text;

    private final Level level;

    /**
     * Creates a notice at INFO.
     *
     * @param text what to say, or {@code null} to say nothing; asked once the server has started
     */
    public StartUpNotice(ConfigurableApplicationContext context, Supplier<@Nullable String> text) {
        this(context, Level.INFO, text);
    }

    private StartUpNotice(ConfigurableApplicationContext context, Level level, Supplier<@Nullable String> text) {
        this.context = context;
        this.level = level;
        this.text = text;
    }

    /** A notice at WARN. */
    public static StartUpNotice warning(ConfigurableApplicationContext context, Supplier<@Nullable String> text) {
        return new StartUpNotice(context, Level.WARN, text);
    }

    @Override
    public void onApplicationEvent(ContextRefreshedEvent event) {
        if (event.getApplicationContext() != this.context
                || !this.context.getBeanFactory().containsSingleton(WEB_SERVER_LIFECYCLE)) {
            return;
        }
        String line = this.text.get();
        if (line != null) {
            logger.atLevel(this.level).log("{}", line);
        }
    }
}
