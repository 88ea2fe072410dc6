// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.background;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.TimeUnit;
import org.apache.pulsar.client.api.Consumer;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.Messages;
import org.apache.pulsar.client.api.PulsarClientException;
import org.jspecify.annotations.Nullable;
import org.springframework.pulsar.core.PulsarConsumerFactory;

/**
 * Stands in for Pulsar's client and its broker, of which there is none that fits into a test: one topic of texts, one
 * message in each batch, and what was not acknowledged when its consumer is closed is delivered again.
 */
final class RecordedPulsar {

    private static final long BATCH_MILLIS = 100;

    private final BlockingDeque<String> topic = new LinkedBlockingDeque<>();

    /** What the containers have called their consumers for, but for receiving. */
    private final List<String> calls = new CopyOnWriteArrayList<>();

    void send(String message) {
        this.topic.addLast(message);
    }

    List<String> calls() {
        return this.calls;
    }

    /** Everything that is left, in order. */
    List<String> takeAll() {
        List<String> taken = new ArrayList<>();
        this.topic.drainTo(taken);
        return taken;
    }

    /** What makes the consumers; both lines have another interface of it. */
    @SuppressWarnings("unchecked")
    PulsarConsumerFactory<String> consumers() {
        return proxy(PulsarConsumerFactory.class, (method, arguments) -> proxy(Consumer.class, new RecordedConsumer()));
    }

    private static <T> T proxy(Class<T> type, Calls calls) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (self, method, given) -> {
            Object[] arguments = (given != null) ? given : new Object[0];
            return switch (method.getName()) {
                case "equals" -> self == arguments[0];
                case "hashCode" -> System.identityHashCode(self);
                case "toString" -> "recorded " + type.getSimpleName();
                default -> calls.answer(method, arguments);
            };
        }));
    }

    private static @Nullable Object nothing(Method method) {
        Class<?> type = method.getReturnType();
        if (type == boolean.class) {
            return false;
        }
        if (type == int.class) {
            return 0;
        }
        if (type == long.class) {
            return 0L;
        }
        return (type == CompletableFuture.class) ? CompletableFuture.completedFuture(null) : null;
    }

    private static Message<?> message(String text) {
        return proxy(Message.class, (method, arguments) -> switch (method.getName()) {
            case "getValue" -> text;
            case "getMessageId" -> MessageId.earliest;
            case "getProperties" -> Map.of();
            case "getTopicName" -> "work";
            default -> nothing(method);
        });
    }

    private static Messages<?> messages(List<? extends Message<?>> messages) {
        return proxy(Messages.class, (method, arguments) -> switch (method.getName()) {
            case "size" -> messages.size();
            case "iterator" -> messages.iterator();
            case "spliterator" -> messages.spliterator();
            default -> nothing(method);
        });
    }

    /** What an interface's proxy does. */
    private interface Calls {

        @Nullable Object answer(Method method, Object[] arguments) throws PulsarClientException;
    }

    private final class RecordedConsumer implements Calls {

        private final BlockingDeque<String> unacknowledged = new LinkedBlockingDeque<>();

        @Override
        public @Nullable Object answer(Method method, Object[] arguments) throws PulsarClientException {
            String name = method.getName();
            if (name.equals("batchReceive")) {
                return receive();
            }
            RecordedPulsar.this.calls.add(name);
            if (name.startsWith("acknowledge")) {
                this.unacknowledged.clear();
            }
            if (name.equals("close")) {
                while (!this.unacknowledged.isEmpty()) {
                    RecordedPulsar.this.topic.addFirst(this.unacknowledged.removeLast());
                }
            }
            return nothing(method);
        }

        private Messages<?> receive() throws PulsarClientException {
            try {
                String text = RecordedPulsar.this.topic.poll(BATCH_MILLIS, TimeUnit.MILLISECONDS);
                if (text == null) {
                    return messages(List.of());
                }
                this.unacknowledged.addLast(text);
                return messages(List.of(message(text)));
            } catch (InterruptedException ex) {
                // As Pulsar's client does.
                Thread.currentThread().interrupt();
                throw new PulsarClientException(ex);
            }
        }
    }
}
