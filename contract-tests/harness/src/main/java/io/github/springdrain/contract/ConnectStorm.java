// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.contract;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A storm from threads of this JVM. Begun and ended by one thread. */
public final class ConnectStorm implements Storm {

    /**
     * A client that is refused draws breath: the closing it has to hit is over, and the machine has others to serve.
     */
    private static final long NANOS_AFTER_REFUSAL = 1_000_000;

    private static final Duration END_LIMIT = Duration.ofMinutes(3);

    private final RawClient client;

    private final int threads;

    private final Duration longestPause;

    private @Nullable Round round;

    /**
     * A storm of {@code threads} clients that all ask for {@code /hello}.
     *
     * @param longestPause each pauses at random up to this long between two requests; zero for the full rate. Where a
     *     round trip takes long, clients that began together would otherwise go on in step, and arrive in bursts that
     *     a closing hits or misses
     */
    public ConnectStorm(RawClient client, int threads, Duration longestPause) {
        this.client = client;
        this.threads = threads;
        this.longestPause = longestPause;
    }

    @Override
    public void begin() {
        if (this.round != null) {
            throw new IllegalStateException("The storm has begun already");
        }
        this.round = new Round();
    }

    @Override
    public StormTally tally() {
        Round current = this.round;
        return (current != null) ? current.tally() : StormTally.EMPTY;
    }

    @Override
    public StormTally end() {
        Round current = this.round;
        this.round = null;
        return (current != null) ? current.end() : StormTally.EMPTY;
    }

    @Override
    public void close() {
        end();
    }

    /** The clients between one beginning and its end. */
    private final class Round {

        private final Map<Outcome, LongAdder> counts = new EnumMap<>(Outcome.class);

        private final ConcurrentClients<Boolean> concurrent;

        private volatile boolean ending;

        Round() {
            for (Outcome outcome : Outcome.values()) {
                this.counts.put(outcome, new LongAdder());
            }
            this.concurrent = ConcurrentClients.start("storm", ConnectStorm.this.threads, this::dial);
        }

        private boolean dial() {
            while (!this.ending) {
                pause();
                Outcome outcome = ConnectStorm.this.client.get("/hello").outcome();
                count(outcome).increment();
                if (outcome == Outcome.REFUSED) {
                    LockSupport.parkNanos(NANOS_AFTER_REFUSAL);
                }
            }
            return true;
        }

        private void pause() {
            long longest = ConnectStorm.this.longestPause.toNanos();
            if (longest > 0) {
                LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(longest));
            }
        }

        StormTally tally() {
            Map<Outcome, Long> result = new EnumMap<>(Outcome.class);
            for (Outcome outcome : Outcome.values()) {
                result.put(outcome, count(outcome).sum());
            }
            return new StormTally(result);
        }

        private LongAdder count(Outcome outcome) {
            return Objects.requireNonNull(this.counts.get(outcome));
        }

        StormTally end() {
            this.ending = true;
            this.concurrent.results(END_LIMIT);
            return tally();
        }
    }
}
