// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.proof.handover;

import io.github.springdrain.contract.HandOver;
import io.github.springdrain.contract.Outcome;
import io.github.springdrain.contract.SharedPort;
import io.github.springdrain.contract.Transport;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Hand-overs of one port, one after the other, in one way.
 *
 * @param way how each process left
 * @param transport what clients spoke
 * @param all what came of each
 */
record Series(Way way, Transport transport, List<HandOver> all) {

    /** Copies the list. */
    Series {
        all = List.copyOf(all);
    }

    /** Hands the port over {@code count} times, and shows after each time what there is so far. */
    static Series of(Way way, Transport transport, SharedPort port, int count, Consumer<Series> progress) {
        List<HandOver> all = new ArrayList<>();
        port.serveBy(way.start(port, transport));
        while (all.size() < count) {
            all.add(port.handOverTo(way.start(port, transport)));
            progress.accept(new Series(way, transport, all));
        }
        return new Series(way, transport, all);
    }

    String name() {
        return "%s, %s".formatted(this.way.label(), this.transport.label());
    }

    HandOver last() {
        return this.all.get(this.all.size() - 1);
    }

    HandOver sum() {
        return this.all.stream().reduce(HandOver.NONE, HandOver::plus);
    }

    /** What speaks against it: a loss where there may be none, or none where there has to be one. */
    Optional<String> fault() {
        HandOver sum = sum();
        if (this.way.isLossless()) {
            if (sum.isUnnoticed() && sum.underWay() == 0) {
                return Optional.of(name() + ": nothing was under way, so nothing could have been lost");
            }
            return sum.isUnnoticed() ? Optional.empty() : Optional.of(name() + ": " + sum);
        }
        return (sum.tally().lost() > 0)
                ? Optional.empty()
                : Optional.of(name() + ": nothing was lost either, so it controls nothing");
    }

    List<String> row() {
        HandOver sum = sum();
        return List.of(
                this.way.label(),
                this.transport.label(),
                number(sum.count()),
                number(sum.tally().fresh().count(Outcome.COMPLETE)),
                number(sum.tally().kept().count(Outcome.COMPLETE)),
                number(sum.underWay()),
                number(sum.tally().lost()),
                number(sum.tally().count(Outcome.REFUSED)),
                number(sum.listenDrops().withRoom()),
                number(sum.listenDrops().overflows()),
                number(sum.tally().longestConnect().toMillis()),
                number(sum.longestExit().toMillis()));
    }

    /** The names of the cells of {@link #row()}. */
    static List<String> head() {
        return List.of(
                "leaves by",
                "clients speak",
                "hand-overs",
                "served, new connections",
                "served, kept",
                "accepted while draining",
                "lost",
                "refused",
                "ListenDrops",
                "at a full queue",
                "longest connect, ms",
                "longest exit, ms");
    }

    private static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }
}
