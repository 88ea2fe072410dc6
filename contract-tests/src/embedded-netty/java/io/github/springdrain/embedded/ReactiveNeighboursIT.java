// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.springdrain.Drain;
import io.github.springdrain.DrainPhase;
import io.github.springdrain.DrainTrigger;
import io.github.springdrain.contract.Outcome;
import io.github.springdrain.contract.RawClient;
import io.github.springdrain.contract.RawConnection;
import io.github.springdrain.contract.RawResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.context.ConfigurableApplicationContext;

/** Applications in one JVM share its event loops, and each has a drain of its own. */
@Timeout(120)
class ReactiveNeighboursIT {

    @Test
    void oneIsServedAsBeforeWhileTheOtherIsDrained() throws Exception {
        try (ConfigurableApplicationContext drained = ReactiveApplication.start();
                ConfigurableApplicationContext other = ReactiveApplication.start()) {
            RawConnection busy = ReactiveApplication.client(drained).connect().request("GET", "/slow");
            RawConnection kept = ReactiveApplication.client(other).connect();
            Drain drain = drained.getBean(Drain.class);
            drain.start(DrainTrigger.ENDPOINT);
            while (drain.phase().compareTo(DrainPhase.FINISHING) < 0) {
                Thread.onSpinWait();
            }
            for (int i = 0; i < 3; i++) {
                RawResponse response = kept.request("GET", "/hello").read();
                assertThat(response.outcome()).isEqualTo(Outcome.COMPLETE);
                assertThat(response.isConnectionClose()).isFalse();
            }
            assertThat(busy.read().outcome()).isEqualTo(Outcome.COMPLETE);
            assertThat(drain.start(DrainTrigger.ENDPOINT).awaitReport()).isTrue();
            assertThat(ReactiveApplication.client(drained).get("/hello").outcome())
                    .isEqualTo(Outcome.REFUSED);
            assertThat(other.getBean(Drain.class).phase()).isEqualTo(DrainPhase.RUNNING);
            assertThat(ReactiveApplication.client(other).get("/hello").outcome())
                    .isEqualTo(Outcome.COMPLETE);
        }
    }

    @Test
    void aResumedApplicationKeepsItsConnectionsAndIsDrainedAgainAsIsOneThatWasStoppedAndStarted() throws Exception {
        ConfigurableApplicationContext context = ReactiveApplication.start(
                "server.drain.timeout=90s", "server.drain.announce.delay=60s", "server.drain.announce.quiet-period=5s");
        Drain drain = context.getBean(Drain.class);
        for (int i = 0; i < 2; i++) {
            RawClient client = ReactiveApplication.client(context);
            RawConnection kept = client.connect();
            assertThat(kept.request("GET", "/hello").read().isConnectionClose()).isFalse();
            drain.start(DrainTrigger.ENDPOINT);
            while (!client.get("/hello").isConnectionClose()) {
                Thread.onSpinWait();
            }
            drain.resume();
            assertThat(drain.phase()).isEqualTo(DrainPhase.RUNNING);
            for (int j = 0; j < 3; j++) {
                RawResponse response = kept.request("GET", "/hello").read();
                assertThat(response.outcome()).isEqualTo(Outcome.COMPLETE);
                assertThat(response.isConnectionClose()).isFalse();
            }
            context.stop();
            context.start();
        }
        RawClient client = ReactiveApplication.client(context);
        context.close();
        assertThat(drain.phase()).isEqualTo(DrainPhase.DRAINED);
        assertThat(client.get("/hello").outcome()).isEqualTo(Outcome.REFUSED);
    }
}
