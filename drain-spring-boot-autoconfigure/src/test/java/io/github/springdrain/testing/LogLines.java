// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.testing;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** What one class logs while a test runs. */
public final class LogLines extends AppenderBase<ILoggingEvent> implements AutoCloseable {

    private final List<ILoggingEvent> events = new CopyOnWriteArrayList<>();

    private final Logger logger;

    private final @Nullable Level before;

    public LogLines(Class<?> type) {
        this.logger = (Logger) LoggerFactory.getLogger(type);
        this.before = this.logger.getLevel();
        this.logger.setLevel(Level.DEBUG);
        this.logger.addAppender(this);
        start();
    }

    @Override
    protected void append(ILoggingEvent event) {
        this.events.add(event);
    }

    public List<String> debug() {
        return of(Level.DEBUG);
    }

    public List<String> info() {
        return of(Level.INFO);
    }

    public List<String> warn() {
        return of(Level.WARN);
    }

    /** Returns what structured logs get besides the text, for each line: names and values, in their order. */
    public List<Map<String, Object>> fields() {
        return this.events.stream().map(LogLines::fields).toList();
    }

    private static Map<String, Object> fields(ILoggingEvent event) {
        Map<String, Object> fields = new LinkedHashMap<>();
        if (event.getKeyValuePairs() != null) {
            event.getKeyValuePairs().forEach((pair) -> fields.put(pair.key, pair.value));
        }
        return fields;
    }

    private List<String> of(Level level) {
        return this.events.stream()
                .filter((event) -> event.getLevel() == level)
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }

    @Override
    public void close() {
        this.logger.detachAppender(this);
        this.logger.setLevel(this.before);
    }
}
