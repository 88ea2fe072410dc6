// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ScraperTest {

    @Test
    void findsThePhase() {
        String text = """
                # HELP server_drain_phase the phase
                # TYPE server_drain_phase gauge
                server_drain_phase 4.0
                """;

        assertThat(Scraper.phase(text)).contains(4);
        assertThat(Scraper.phase("server_drain_phase{application=\"sample\"} 1.0"))
                .contains(1);
        assertThat(Scraper.phase(null)).isEmpty();
        assertThat(Scraper.phase("up 1")).isEmpty();
    }

    @Test
    void knowsWhichPodsAreDeleted() {
        History history = new History();
        history.enter("a", Recorder.POD, "ready", 0);
        history.enter("b", Recorder.POD, "deleted, ready", 1);
        history.enter("c", Recorder.POD, "deleted, not ready", 2);
        history.enter("c", Recorder.POD, "ended", 3);

        assertThat(history.rows(Recorder.POD, "deleted")).containsExactly("b");
        assertThat(history.first("c", Recorder.POD, "ended")).contains(3L);
    }
}
