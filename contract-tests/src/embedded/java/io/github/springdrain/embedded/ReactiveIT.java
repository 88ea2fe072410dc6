// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.springdrain.Drain;
import io.github.springdrain.DrainPhase;
import io.github.springdrain.DrainTrigger;
import io.github.springdrain.contract.Moment;
import io.github.springdrain.contract.Outcome;
import io.github.springdrain.contract.RawClient;
import io.github.springdrain.contract.RawConnection;
import io.github.springdrain.contract.RawResponse;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.context.ConfigurableApplicationContext;

/** A reactive application leaves service as a servlet one does. */
@Timeout(120)
class ReactiveIT {

    @Test
    void requestsInServiceEndAndNewClientsAreRefused() throws Exception {
        ConfigurableApplicationContext context = ReactiveApplication.start();
        RawClient client = ReactiveApplication.client(context);
        RawConnection slow = client.connect().request("GET", "/slow");
        RawConnection stream = client.connect().request("GET", "/stream");
        RawConnection silent = client.connect();
        assertThat(client.get("/hello").outcome()).isEqualTo(Outcome.COMPLETE);

        Thread closer = new Thread(context::close, "test-closer");
        closer.start();
        Drain drain = context.getBean(Drain.class);
        while (drain.phase() == DrainPhase.RUNNING) {
            Thread.onSpinWait();
        }
        silent.request("GET", "/hello");

        RawResponse response = slow.read();
        assertThat(response.outcome()).isEqualTo(Outcome.COMPLETE);
        assertThat(response.isConnectionClose()).isTrue();
        assertThat(stream.read().outcome()).isEqualTo(Outcome.COMPLETE);
        assertThat(silent.read().outcome()).isEqualTo(Outcome.COMPLETE);
        closer.join();
        assertThat(client.get("/hello").outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(drain.phase()).isEqualTo(DrainPhase.DRAINED);
    }

    @Test
    void aSilentConnectionIsLostWithoutTheDrain() throws Exception {
        ConfigurableApplicationContext context = ReactiveApplication.start("server.drain.enabled=false");
        RawClient client = ReactiveApplication.client(context);
        RawConnection slow = client.connect().request("GET", "/slow");
        RawConnection silent = client.connect();
        assertThat(client.get("/hello").outcome()).isEqualTo(Outcome.COMPLETE);
        Thread closer = new Thread(context::close, "test-closer");
        closer.start();
        while (client.get("/hello").outcome() == Outcome.COMPLETE) {
            Thread.onSpinWait();
        }
        // One of the containers gives such a connection a second.
        Moment.await(System.nanoTime(), Duration.ofMillis(1500));
        RawResponse lost = silent.request("GET", "/hello").read();
        assertThat(lost.outcome()).isNotEqualTo(Outcome.COMPLETE);
        slow.read();
        closer.join();
    }

    @Test
    void servesAndDrainsAgainAfterTheContextWasStoppedAndStarted() throws Exception {
        ConfigurableApplicationContext context = ReactiveApplication.start();
        Drain drain = context.getBean(Drain.class);
        assertThat(drain.start(DrainTrigger.ENDPOINT).awaitReport()).isTrue();
        context.stop();
        context.start();
        assertThat(drain.phase()).isEqualTo(DrainPhase.RUNNING);
        RawClient client = ReactiveApplication.client(context);
        RawConnection slow = client.connect().request("GET", "/slow");
        assertThat(client.get("/hello").outcome()).isEqualTo(Outcome.COMPLETE);
        Thread closer = new Thread(context::close, "test-closer");
        closer.start();
        assertThat(slow.read().outcome()).isEqualTo(Outcome.COMPLETE);
        closer.join();
        assertThat(drain.phase()).isEqualTo(DrainPhase.DRAINED);
    }
}
