// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.engine;

import io.github.springdrain.DrainPhase;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Something that one method throws, once or always, in one phase or in all of them. */
final class Fault {

    private final String method;

    private final Supplier<? extends Throwable> thrown;

    private final boolean always;

    private final @Nullable DrainPhase phase;

    private int hits;

    private Fault(String method, Supplier<? extends Throwable> thrown, boolean always, @Nullable DrainPhase phase) {
        this.method = method;
        this.thrown = thrown;
        this.always = always;
        this.phase = phase;
    }

    /** Each kind of throwable, once and always. */
    static Stream<Fault> of(String method, @Nullable DrainPhase phase) {
        return Stream.<Supplier<? extends Throwable>>of(
                        () -> new IllegalStateException("for the test"),
                        () -> new NoClassDefFoundError("for the test"),
                        () -> new StackOverflowError("for the test"),
                        () -> new Exception("for the test, and declared nowhere"))
                .flatMap((thrown) -> Stream.of(true, false).map((always) -> new Fault(method, thrown, always, phase)));
    }

    /** A method that returns only once it is released. */
    static Fault blocking(String method, CountDownLatch release) {
        return new Fault(
                method,
                () -> {
                    await(release);
                    return new IllegalStateException("released");
                },
                true,
                null);
    }

    private static void await(CountDownLatch release) {
        try {
            release.await();
        } catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
        }
    }

    String method() {
        return this.method;
    }

    boolean isAlways() {
        return this.always;
    }

    /** How often it was thrown. */
    synchronized int hits() {
        return this.hits;
    }

    /** Called first by every method that may have to throw. */
    void in(String called, DrainPhase now) {
        if (called.equals(this.method) && (this.phase == null || this.phase == now) && isTurn()) {
            Fault.<RuntimeException>sneak(this.thrown.get());
        }
    }

    private synchronized boolean isTurn() {
        return this.hits++ == 0 || this.always;
    }

    @SuppressWarnings("unchecked") // Thrown as it is, as a listener written in Kotlin may do.
    private static <T extends Throwable> void sneak(Throwable thrown) throws T {
        throw (T) thrown;
    }

    @Override
    public String toString() {
        return "%s of %s %s %s"
                .formatted(
                        this.thrown.get().getClass().getSimpleName(),
                        this.method,
                        this.always ? "always" : "once",
                        (this.phase != null) ? "in " + this.phase.name().toLowerCase(Locale.ROOT) : "");
    }
}
