// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.spring.websocket;

import io.github.springdrain.DrainListener;
import io.github.springdrain.DrainPhase;
import io.github.springdrain.DrainReport;
import io.github.springdrain.DrainTimeline;
import io.github.springdrain.engine.DrainEngine;
import java.io.IOException;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.web.servlet.handler.AbstractUrlHandlerMapping;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.sockjs.support.SockJsHttpRequestHandler;
import org.springframework.web.socket.sockjs.transport.SockJsSession;
import org.springframework.web.socket.sockjs.transport.TransportHandlingSockJsService;
import org.springframework.web.socket.sockjs.transport.session.AbstractHttpSockJsSession;

/**
 * Closes the SockJS sessions that stream or poll over plain HTTP once the listeners are closed, over the same window and
 * with the same code and reason as WebSocket sessions. Those over WebSocket are closed with their connections. Spring
 * keeps the sessions of a service in a field without an accessor; where there is none, they go on until the deadline.
 */
public final class SockJsSessions implements DrainListener, SmartInitializingSingleton {

    private static final Logger logger = LoggerFactory.getLogger(SockJsSessions.class);

    private static final CloseStatus GOING_AWAY = CloseStatus.GOING_AWAY.withReason("The server is going away");

    /** Closing one may block on its peer; few peers block, and those only until the deadline. */
    private static final int THREADS = 8;

    private final DrainEngine drain;

    private final ObjectProvider<AbstractUrlHandlerMapping> mappings;

    private final List<Map<String, SockJsSession>> sessions = new ArrayList<>();

    /** Used by the drain's thread. */
    private @Nullable ScheduledExecutorService closers;

    /** Looks for SockJS services behind {@code mappings}, once every singleton is there. */
    public SockJsSessions(DrainEngine drain, ObjectProvider<AbstractUrlHandlerMapping> mappings) {
        this.drain = drain;
        this.mappings = mappings;
    }

    @Override
    public void afterSingletonsInstantiated() {
        this.mappings.stream()
                .flatMap((mapping) -> mapping.getHandlerMap().values().stream())
                .filter(SockJsHttpRequestHandler.class::isInstance)
                .map((handler) -> sessionsOf((SockJsHttpRequestHandler) handler))
                .filter((found) -> found != null)
                .forEach(this.sessions::add);
    }

    @SuppressWarnings("unchecked")
    private static @Nullable Map<String, SockJsSession> sessionsOf(SockJsHttpRequestHandler handler) {
        if (!(handler.getSockJsService() instanceof TransportHandlingSockJsService service)) {
            return null;
        }
        try {
            Field field = TransportHandlingSockJsService.class.getDeclaredField("sessions");
            field.setAccessible(true);
            return (Map<String, SockJsSession>) field.get(service);
        } catch (ReflectiveOperationException | RuntimeException ex) {
            logger.info(
                    "This version of Spring hides its SockJS sessions ({}): those over plain HTTP go on until the"
                            + " deadline of a drain",
                    ex.toString());
            return null;
        }
    }

    @Override
    public void phaseEntered(DrainPhase phase, DrainTimeline timeline) {
        List<SockJsSession> open = (phase == DrainPhase.FINISHING) ? overHttp() : List.of();
        if (open.isEmpty()) {
            return;
        }
        ScheduledExecutorService pool = Executors.newScheduledThreadPool(Math.min(THREADS, open.size()), (task) -> {
            Thread thread = new Thread(task, "drain-sockjs");
            thread.setDaemon(true);
            return thread;
        });
        long window = Math.min(
                this.drain.settings().connections().closeSpread().toNanos(),
                timeline.untilLastCall().toNanos());
        for (SockJsSession session : open) {
            long delay = (long) (ThreadLocalRandom.current().nextDouble() * window);
            Future<?> unused = pool.schedule(() -> close(session), delay, TimeUnit.NANOSECONDS);
        }
        // Its threads end when the last session is closed, or with the drain: some are between two polls just then.
        pool.shutdown();
        this.closers = pool;
    }

    @Override
    public void drained(DrainReport report) {
        ScheduledExecutorService pool = this.closers;
        if (pool != null) {
            pool.shutdownNow();
        }
    }

    private List<SockJsSession> overHttp() {
        return this.sessions.stream()
                .flatMap((each) -> each.values().stream())
                .filter(AbstractHttpSockJsSession.class::isInstance)
                .toList();
    }

    private static void close(SockJsSession session) {
        try {
            session.close(GOING_AWAY);
        } catch (IOException | RuntimeException ex) {
            logger.debug("SockJS session {} has gone", session.getId(), ex);
        }
    }
}
