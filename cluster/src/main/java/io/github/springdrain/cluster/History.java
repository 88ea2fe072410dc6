// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.cluster;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** In which state the lanes of some rows were, and when. Thread-safe. */
final class History {

    private final Map<Lane, Since> open = new LinkedHashMap<>();

    private final List<Segment> closed = new ArrayList<>();

    /** A lane is in this state from now on. */
    synchronized void enter(String row, String lane, String state, long millis) {
        Lane key = new Lane(row, lane);
        Since before = this.open.get(key);
        if (before != null && before.state().equals(state)) {
            return;
        }
        leave(row, lane, millis);
        this.open.put(key, new Since(state, millis));
    }

    /** A lane is in no state from now on. */
    synchronized void leave(String row, String lane, long millis) {
        Since before = this.open.remove(new Lane(row, lane));
        if (before != null) {
            this.closed.add(new Segment(row, lane, before.state(), before.millis(), millis));
        }
    }

    /** What was between two moments. */
    synchronized List<Segment> between(long from, long to) {
        List<Segment> all = new ArrayList<>(this.closed);
        this.open.forEach(
                (lane, since) -> all.add(new Segment(lane.row(), lane.name(), since.state(), since.millis(), to)));
        return all.stream()
                .filter((segment) -> segment.toMillis() >= from && segment.fromMillis() <= to)
                .map((segment) -> segment.within(from, to))
                .toList();
    }

    /** The rows whose lane is now in a state that begins with {@code prefix}. */
    synchronized List<String> rows(String lane, String prefix) {
        return this.open.entrySet().stream()
                .filter((entry) -> entry.getKey().name().equals(lane)
                        && entry.getValue().state().startsWith(prefix))
                .map((entry) -> entry.getKey().row())
                .toList();
    }

    /** The state of a lane now. */
    synchronized Optional<String> now(String row, String lane) {
        return Optional.ofNullable(this.open.get(new Lane(row, lane))).map(Since::state);
    }

    /** When a lane first entered a state. */
    synchronized Optional<Long> first(String row, String lane, String state) {
        return between(0, Long.MAX_VALUE).stream()
                .filter((segment) -> segment.row().equals(row)
                        && segment.lane().equals(lane)
                        && segment.state().equals(state))
                .map(Segment::fromMillis)
                .min(Long::compare);
    }

    /**
     * A time in one state.
     *
     * @param row such as a pod
     * @param lane what of it
     * @param state the state
     * @param fromMillis its begin
     * @param toMillis its end
     */
    record Segment(String row, String lane, String state, long fromMillis, long toMillis) {

        Segment {
            Objects.requireNonNull(state);
        }

        Segment within(long from, long to) {
            return new Segment(
                    this.row, this.lane, this.state, Math.max(from, this.fromMillis), Math.min(to, this.toMillis));
        }
    }

    private record Lane(String row, String name) {}

    private record Since(String state, long millis) {}
}
