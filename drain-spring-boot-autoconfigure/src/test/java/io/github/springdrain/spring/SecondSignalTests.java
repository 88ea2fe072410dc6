// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.springdrain.testing.LogLines;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class SecondSignalTests {

    private final FakeSignals signals = new FakeSignals();

    private final List<String> received = new ArrayList<>();

    private final SecondSignal secondSignal =
            new SecondSignal(this.signals, () -> this.signals.nanos, (signal) -> this.received.add(signal));

    @Test
    void leavesTheSignalsAloneUntilTheApplicationCloses() {
        assertThat(this.signals.handlers).isEmpty();
        this.secondSignal.watch();
        assertThat(this.signals.handlers).containsOnlyKeys("TERM", "INT");
        this.secondSignal.unwatch();
        assertThat(this.signals.handlers).isEmpty();
    }

    @Test
    void isCalledWhereASignalHasBegunTheShutdown() {
        this.signals.signalled = true;
        this.secondSignal.watch();
        this.signals.pass(Duration.ofSeconds(2)).send("INT");
        assertThat(this.received).containsExactly("SIGINT");
        assertThat(this.signals.passedOn).isEmpty();
    }

    @Test
    void takesASignalThatFollowsAtOnceForTheSame() {
        this.signals.signalled = true;
        this.secondSignal.watch();
        this.signals.pass(Duration.ofMillis(900)).send("TERM");
        assertThat(this.received).isEmpty();
        this.signals.pass(Duration.ofMillis(200)).send("TERM");
        assertThat(this.received).containsExactly("SIGTERM");
    }

    @Test
    void passesTheFirstSignalOnWhereTheApplicationClosesByItself() {
        this.secondSignal.watch();
        this.signals.pass(Duration.ofSeconds(5)).send("TERM");
        assertThat(this.signals.passedOn).containsExactly("TERM");
        assertThat(this.received).isEmpty();
        this.signals.pass(Duration.ofMillis(500)).send("INT");
        assertThat(this.received).isEmpty();
        this.signals.pass(Duration.ofSeconds(1)).send("INT");
        assertThat(this.received).containsExactly("SIGINT");
    }

    @Test
    void watchesOnce() {
        this.secondSignal.watch();
        this.secondSignal.watch();
        assertThat(this.signals.installations).isEqualTo(2);
    }

    @Test
    void saysInOneLineWhereTheJvmDoesNotLetItWatch() {
        this.signals.refusal = "the JVM was started with -Xrs";
        try (LogLines lines = new LogLines(SecondSignal.class)) {
            this.secondSignal.watch();
            assertThat(lines.info()).singleElement().asString().endsWith("the JVM was started with -Xrs");
        }
        this.secondSignal.unwatch();
    }

    @Test
    void replacesAndRestoresTheHandlersOfThisJvm() throws Exception {
        JdkSignalHandlers handlers = new JdkSignalHandlers();
        assertThat(handlers.isSignalled()).isFalse();
        // Not one of the signals that end a JVM, so that this one survives a mistake.
        Class<?> type = Class.forName("sun.misc.Signal");
        Object signal = type.getConstructor(String.class).newInstance("WINCH");
        LinkedBlockingQueue<String> received = new LinkedBlockingQueue<>();
        SignalHandlers.Installed outer = handlers.install("WINCH", (passOn) -> received.add("outer"));
        SignalHandlers.Installed inner = handlers.install("WINCH", (passOn) -> {
            received.add("inner");
            passOn.run();
        });
        type.getMethod("raise", type).invoke(null, signal);
        assertThat(received.poll(30, TimeUnit.SECONDS)).isEqualTo("inner");
        assertThat(received.poll(30, TimeUnit.SECONDS)).isEqualTo("outer");
        inner.restore();
        type.getMethod("raise", type).invoke(null, signal);
        assertThat(received.poll(30, TimeUnit.SECONDS)).isEqualTo("outer");
        outer.restore();
    }

    /** Signals that a test sends. */
    private static final class FakeSignals implements SignalHandlers {

        private final Map<String, Consumer<Runnable>> handlers = new LinkedHashMap<>();

        private final List<String> passedOn = new ArrayList<>();

        private boolean signalled;

        private String refusal = "";

        private int installations;

        private long nanos = Long.MAX_VALUE - 1000;

        FakeSignals pass(Duration duration) {
            this.nanos += duration.toNanos();
            return this;
        }

        void send(String signal) {
            Objects.requireNonNull(this.handlers.get(signal)).accept(() -> this.passedOn.add(signal));
        }

        @Override
        public boolean isSignalled() {
            return this.signalled;
        }

        @Override
        public Installed install(String signal, Consumer<Runnable> handler) {
            if (!this.refusal.isEmpty()) {
                throw new UnsupportedOperationException(this.refusal);
            }
            this.installations++;
            this.handlers.put(signal, handler);
            return () -> this.handlers.remove(signal);
        }
    }
}
