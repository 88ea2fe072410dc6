package io.github.springdrain;

import java.time.Instant;
import java.util.concurrent.TimeUnit;

/** Time as the drain sees it: one seam, so that tests can let a drain of minutes pass in no time. */
interface DrainClock {

    /** The real one. */
    DrainClock SYSTEM = new DrainClock() {

        @Override
        public long nanoTime() {
            return System.nanoTime();
        }

        @Override
        public Instant now() {
            return Instant.now();
        }

        @Override
        public void pause(long nanos) throws InterruptedException {
            TimeUnit.NANOSECONDS.sleep(nanos);
        }
    };

    /** Nanoseconds since an arbitrary origin; compare by subtraction. */
    long nanoTime();

    /** The wall clock, for people. */
    Instant now();

    /** Blocks the calling thread for {@code nanos} nanoseconds. */
    void pause(long nanos) throws InterruptedException;
}
