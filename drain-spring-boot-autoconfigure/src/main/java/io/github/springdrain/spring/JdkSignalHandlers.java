// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.spring;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Signals by {@code sun.misc.Signal} of the module {@code jdk.unsupported}, the only way the JDK has: looked up at run
 * time, because a JVM may lack the module, and one started with {@code -Xrs} refuses.
 */
final class JdkSignalHandlers implements SignalHandlers {

    private static final Logger logger = LoggerFactory.getLogger(JdkSignalHandlers.class);

    private static final String TYPE = "sun.misc.Signal";

    private static final String HANDLER = "sun.misc.SignalHandler";

    /** The threads of the JVM that begin its shutdown at a signal, and then wait for it. */
    private static final Set<String> SHUTDOWN_THREADS = Set.of("SIGTERM handler", "SIGINT handler", "SIGHUP handler");

    @Override
    public boolean isSignalled() {
        return Thread.getAllStackTraces().keySet().stream().map(Thread::getName).anyMatch(SHUTDOWN_THREADS::contains);
    }

    @Override
    public Installed install(String signal, Consumer<Runnable> handler) {
        try {
            return new Table(signal).install(handler);
        } catch (ReflectiveOperationException | LinkageError | RuntimeException ex) {
            throw unsupported(ex);
        }
    }

    private static UnsupportedOperationException unsupported(Throwable cause) {
        return new UnsupportedOperationException(cause.toString(), cause);
    }

    /** The handlers of one signal. */
    private static final class Table {

        private final Class<?> handlerType;

        private final Object signal;

        private final MethodHandle replace;

        private final MethodHandle call;

        Table(String name) throws ReflectiveOperationException {
            Class<?> type = Class.forName(TYPE);
            this.handlerType = Class.forName(HANDLER);
            MethodHandles.Lookup lookup = MethodHandles.publicLookup();
            this.signal = type.getConstructor(String.class).newInstance(name);
            this.replace =
                    lookup.findStatic(type, "handle", MethodType.methodType(this.handlerType, type, this.handlerType));
            this.call = lookup.findVirtual(this.handlerType, "handle", MethodType.methodType(void.class, type));
        }

        Installed install(Consumer<Runnable> handler) throws ReflectiveOperationException {
            // A signal may come before the former handler is known; its thread then waits for it.
            CompletableFuture<Object> former = new CompletableFuture<>();
            Consumer<Object> target = (received) -> handler.accept(() -> passOn(former.join()));
            MethodHandle accept = MethodHandles.publicLookup()
                    .findVirtual(Consumer.class, "accept", MethodType.methodType(void.class, Object.class))
                    .bindTo(target);
            Object own = MethodHandleProxies.asInterfaceInstance(this.handlerType, accept);
            former.complete(replaceBy(own));
            return () -> restore(own, former.join());
        }

        private void restore(Object own, Object former) {
            try {
                Object current = replaceBy(former);
                if (current != own) {
                    replaceBy(current);
                }
            } catch (RuntimeException ex) {
                logger.debug("Cannot put back the handler of {}", this.signal, ex);
            }
        }

        private Object replaceBy(Object handler) {
            try {
                return this.replace.invoke(this.signal, handler);
            } catch (RuntimeException | Error ex) {
                throw ex;
            } catch (Throwable ex) {
                throw new IllegalStateException(ex);
            }
        }

        private void passOn(Object handler) {
            try {
                this.call.invoke(handler, this.signal);
            } catch (RuntimeException | Error ex) {
                throw ex;
            } catch (Throwable ex) {
                throw new IllegalStateException(ex);
            }
        }
    }
}
