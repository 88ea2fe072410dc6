// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.springdrain.cluster.load.FailedLine;
import io.github.springdrain.cluster.load.Tally;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerdictTest {

    private static Result result(Scenario scenario, Strategy strategy, long failed, String... faults) {
        Tally tally = new Tally(Map.of("SLOW:SERVED", 100L, "SLOW:RESET", failed));
        History history = new History();
        history.enter("sample-1", Recorder.POD, "ready", 0);
        history.enter("sample-1", Recorder.POD, "deleted, ready", 500);
        history.enter("sample-1", Recorder.DRAIN, "ANNOUNCED", 600);
        Timeline timeline = new Timeline(
                "a <title>",
                100,
                1000,
                history.between(100, 1000),
                List.of(new FailedLine(400, 500, "SLOW:RESET", "\"detail\"")));
        return new Result(
                scenario, strategy, "", tally, Duration.ofSeconds(3), List.of(), List.of(faults), List.of(timeline));
    }

    private static Result starter(long failed, String... faults) {
        return result(Scenario.ROLLING_UPDATE, Strategy.STARTER, failed, faults);
    }

    private static Result control(long failed) {
        return result(Scenario.ROLLING_UPDATE, Strategy.BOOT, failed);
    }

    @Test
    void isProvenWhenOnlyTheControlFails() {
        assertThat(Verdict.of(List.of(starter(0), control(7))))
                .isEqualTo(
                        new Verdict(true, List.of("With the starter 0 of 100 requests failed, without it 7 of 107.")));
    }

    @Test
    void isNotProvenWhenTheStarterFails() {
        assertThat(Verdict.of(List.of(starter(1), control(7))).sentences())
                .containsExactly("rolling update of three, starter, no hook: 1 requests failed (1 slow reset)");
    }

    @Test
    void isNotProvenWithoutAControlThatFails() {
        assertThat(Verdict.of(List.of(starter(0), control(0))).proven()).isFalse();
        assertThat(Verdict.of(List.of()).proven()).isFalse();
    }

    @Test
    void isNotProvenWithAFault() {
        assertThat(Verdict.of(List.of(starter(0, "killed"), control(7))).sentences())
                .containsExactly("rolling update of three, starter, no hook: killed");
    }

    @Test
    void doesNotAskForWhatIsNotPromised() {
        Result killed = result(Scenario.FORCED, Strategy.STARTER, 5);

        assertThat(Verdict.of(List.of(starter(0), killed, control(7))).proven()).isTrue();
    }

    @Test
    void pageHasTheTableAndThePictures(@TempDir Path folder) throws IOException {
        List<Result> results = List.of(starter(0), control(7));
        Path page = folder.resolve("page.html");
        Page.write(page, "Kubernetes v1", Verdict.of(results), Table.of(results), results);

        assertThat(Files.readString(page))
                .contains("<td>7 of 107</td>")
                .contains("a &lt;title>")
                .contains("deleted, ready, 0.5 s")
                .contains("SLOW:RESET &quot;detail&quot;");
    }
}
