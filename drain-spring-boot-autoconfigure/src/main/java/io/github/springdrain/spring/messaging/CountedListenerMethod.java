// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.spring.messaging;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.springframework.messaging.Message;
import org.springframework.messaging.handler.invocation.InvocableHandlerMethod;
import org.springframework.util.ClassUtils;

/**
 * A listener method that returns a future or a Mono, and whose calls are counted until that is complete and has been
 * acknowledged. A call that is held back returns a future that never completes: its message is not acknowledged, and the
 * broker delivers it to another consumer once the container has stopped.
 */
final class CountedListenerMethod extends InvocableHandlerMethod {

    private static final boolean REACTOR =
            ClassUtils.isPresent("reactor.core.publisher.Mono", CountedListenerMethod.class.getClassLoader());

    private final InvocableHandlerMethod method;

    private final ListenerCalls calls;

    CountedListenerMethod(InvocableHandlerMethod method, ListenerCalls calls) {
        super(method);
        this.method = method;
        this.calls = calls;
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // The container looks at what it gets.
    public @Nullable Object invoke(Message<?> message, Object... arguments) throws Exception {
        if (!this.calls.begin()) {
            return new CompletableFuture<>();
        }
        boolean later = false;
        try {
            Object result = this.method.invoke(message, arguments);
            if (result instanceof CompletableFuture<?> future) {
                later = true;
                return relay(future);
            }
            return REACTOR ? CountedMono.of(result, this.calls) : result;
        } finally {
            if (!later) {
                this.calls.end();
            }
        }
    }

    /** Ends the call after everything that hangs on the future, the acknowledgement above all, has run. */
    @SuppressWarnings("FutureReturnValueIgnored") // It is the relay that counts.
    private CompletableFuture<Object> relay(CompletableFuture<?> future) {
        CompletableFuture<Object> relay = new CompletableFuture<>();
        future.whenComplete((value, failure) -> {
            try {
                if (failure != null) {
                    relay.completeExceptionally(failure);
                } else {
                    relay.complete(value);
                }
            } finally {
                this.calls.end();
            }
        });
        return relay;
    }

    /** Whatever looks for the method that this one stands for finds it. */
    @Override
    public boolean equals(@Nullable Object other) {
        return this == other
                || this.method.equals((other instanceof CountedListenerMethod counted) ? counted.method : other);
    }

    @Override
    public int hashCode() {
        return this.method.hashCode();
    }
}
