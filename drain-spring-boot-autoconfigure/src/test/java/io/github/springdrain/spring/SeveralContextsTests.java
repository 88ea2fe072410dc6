// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.springdrain.ConnectionSnapshot;
import io.github.springdrain.ConnectionState;
import io.github.springdrain.DrainParticipant;
import io.github.springdrain.DrainPhase;
import io.github.springdrain.DrainReport;
import io.github.springdrain.engine.DrainEngine;
import io.github.springdrain.testing.WebApplication;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.context.event.ContextClosedEvent;

/** A web application inside of another one, as {@code SpringApplicationBuilder} makes them. */
@Timeout(60)
class SeveralContextsTests {

    private final WebApplication parent = new WebApplication();

    private final WebApplication child = new WebApplication();

    @AfterEach
    void closeContexts() {
        this.child.abandon();
        this.parent.abandon();
    }

    @Test
    void eachHasADrainAndAServerOfItsOwn() {
        DrainEngine outer = this.parent.start();
        DrainEngine inner = startChild();
        assertThat(inner).isNotSameAs(outer);
        assertThat(outer.server()).isSameAs(this.parent.server());
        assertThat(inner.server()).isSameAs(this.child.server());
    }

    @Test
    void requestsOfTheParentAreWaitedForWhenItCloses() {
        closeChildWithParent();
        DrainEngine outer = this.parent.start();
        startChild();
        ConnectionSnapshot request = this.parent.server().open(ConnectionState.IN_SERVICE, "GET", "/slow");
        CompletableFuture<Void> closing = CompletableFuture.runAsync(this.parent.context()::close);
        Awaitility.await().until(() -> outer.phase() == DrainPhase.FINISHING);
        assertThat(closing).isNotDone();
        this.parent.server().close(request);
        assertThat(closing).succeedsWithin(30, TimeUnit.SECONDS);
        assertThat(this.parent.story()).doesNotContain("abort");
    }

    @Test
    void theyShareOneDeadlineWhenTheParentCloses() {
        closeChildWithParent();
        DrainEngine outer = this.parent.with("server.drain.timeout=2s").start();
        this.child.with("server.drain.timeout=2s");
        DrainEngine inner = startChild();
        this.parent.server().open(ConnectionState.IN_SERVICE, "GET", "/for/ever");
        this.child.server().open(ConnectionState.IN_SERVICE, "GET", "/for/ever");
        this.parent.context().close();
        assertThat(Duration.between(report(outer).startedAt(), report(inner).startedAt()))
                .isLessThan(Duration.ofSeconds(1));
        assertThat(inner.phase()).isEqualTo(DrainPhase.DRAINED);
    }

    @Test
    void theParentServesOnWhenTheChildCloses() {
        DrainEngine outer = this.parent.start();
        DrainEngine inner = startChild();
        this.child.context().close();
        assertThat(inner.phase()).isEqualTo(DrainPhase.DRAINED);
        assertThat(outer.phase()).isEqualTo(DrainPhase.RUNNING);
        assertThat(this.parent.story()).doesNotContain("closeListeners");
    }

    @Test
    void workOfTheParentDoesNotTakePartInTheDrainOfTheChild() {
        AtomicInteger prepared = new AtomicInteger();
        this.parent.context().registerBean("work", DrainParticipant.class, () -> new Work(prepared));
        this.parent.start();
        startChild();
        this.child.context().close();
        assertThat(prepared).hasValue(0);
        this.parent.context().close();
        assertThat(prepared).hasValue(1);
    }

    private void closeChildWithParent() {
        this.parent.on(ContextClosedEvent.class, (event) -> {
            if (event.getApplicationContext() == this.parent.context()) {
                this.child.context().close();
            }
        });
    }

    private DrainEngine startChild() {
        this.child.context().setParent(this.parent.context());
        return this.child.start();
    }

    private static DrainReport report(DrainEngine drain) {
        return Objects.requireNonNull(drain.status().report());
    }

    /** Work that counts how often it was prepared. */
    private record Work(AtomicInteger prepared) implements DrainParticipant {

        @Override
        public String name() {
            return "work";
        }

        @Override
        public void prepare(Duration remaining) {
            this.prepared.incrementAndGet();
        }

        @Override
        public boolean isActive(Duration remaining) {
            return false;
        }
    }
}
