// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.engine;

import io.github.springdrain.DrainParticipant;
import io.github.springdrain.ParticipantReport;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The participants of one drain, called side by side. Confined to the drain's thread, save {@link #left}. */
final class Participants {

    /** How long the drain waits for a call to return; a method that needs longer is not prompt. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    /** The same once the time is over: connections wait to be aborted. */
    private static final Duration LAST_PATIENCE = Duration.ofMillis(100);

    private final List<ParticipantCall> calls;

    private Map<ParticipantCall, Integer> last = Map.of();

    private Map<ParticipantCall, Integer> aborted = Map.of();

    private volatile Map<String, Integer> left = Map.of();

    Participants(List<DrainParticipant> participants, DrainFailures failures) {
        this.calls = participants.stream()
                .map((participant) -> new ParticipantCall(participant, failures))
                .toList();
    }

    boolean isEmpty() {
        return this.calls.isEmpty();
    }

    /** Has all of them prepare; does not wait. */
    void prepare(Duration remaining) {
        this.calls.forEach((call) -> call.prepare(remaining));
    }

    /** Waits until all of them have prepared, a second at most. */
    void await(Duration remaining) throws InterruptedException {
        collect(remaining);
        Map<ParticipantCall, Integer> announced = new LinkedHashMap<>();
        this.calls.forEach((call) -> announced.put(call, call.announced()));
        this.left = byName(announced);
    }

    /** Has all of them take on work again; waits a second at most. */
    void resume(Duration remaining) throws InterruptedException {
        this.calls.forEach(ParticipantCall::resume);
        collect(remaining);
        this.left = Map.of();
    }

    /** Whether one of them has work left. */
    boolean areActive(Duration remaining) throws InterruptedException {
        this.calls.forEach((call) -> call.ask(remaining));
        this.last = collect(remaining);
        this.left = byName(this.last);
        return this.last.values().stream().anyMatch((work) -> work > 0);
    }

    private Map<ParticipantCall, Integer> collect(Duration remaining) throws InterruptedException {
        AwakeTime patience = new AwakeTime(patience(remaining));
        Map<ParticipantCall, Integer> active = new LinkedHashMap<>();
        for (ParticipantCall call : this.calls) {
            active.put(call, call.await(patience));
        }
        return active;
    }

    private static Map<String, Integer> byName(Map<ParticipantCall, Integer> work) {
        Map<String, Integer> named = new LinkedHashMap<>();
        work.forEach((call, pieces) -> named.merge(call.name(), pieces, Integer::sum));
        return named;
    }

    /** A prompt return needs a moment even when the time is over. */
    private static Duration patience(Duration remaining) {
        Duration most = (remaining.compareTo(PATIENCE) < 0) ? remaining : PATIENCE;
        return (most.compareTo(LAST_PATIENCE) < 0) ? LAST_PATIENCE : most;
    }

    /** Has those of them that have work left give up. */
    void force() throws InterruptedException {
        this.aborted = this.last;
        for (ParticipantCall call : this.calls) {
            if (this.aborted.getOrDefault(call, 0) > 0) {
                call.force(LAST_PATIENCE);
            }
        }
    }

    /** The pieces of work each of them had left when it was last asked, by name. */
    Map<String, Integer> left() {
        return this.left;
    }

    List<ParticipantReport> reports() {
        return this.calls.stream()
                .map((call) -> new ParticipantReport(call.name(), call.announced(), this.aborted.getOrDefault(call, 0)))
                .toList();
    }

    void end(boolean resumed) {
        this.calls.forEach((call) -> call.end(resumed));
    }
}
