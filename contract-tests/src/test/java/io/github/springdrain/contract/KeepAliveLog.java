// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.contract;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The exchanges of all clients that keep their connections.
 *
 * @param exchanges the exchanges, in no order
 */
record KeepAliveLog(List<KeepAliveClient.Exchange> exchanges) {

    /** Those for which no whole response came, each in one line; times are counted from {@code signalNanos}. */
    List<String> losses(long signalNanos) {
        return this.exchanges.stream()
                .filter((exchange) -> isFailure(exchange.response().outcome()))
                .map((exchange) -> "%s, sent %d ms after the signal"
                        .formatted(
                                exchange.response().summary(),
                                Duration.ofNanos(exchange.sentAtNanos() - signalNanos)
                                        .toMillis()))
                .toList();
    }

    /**
     * A client that gets a 503 has failed as one that gets nothing, but may have asked elsewhere when it is
     * refused.
     */
    private static boolean isFailure(Outcome outcome) {
        return outcome.isLost() || outcome == Outcome.UNAVAILABLE_503;
    }

    /** Responses to requests that were sent after the first response with {@code Connection: close} had arrived. */
    List<RawResponse> responsesAfterAnnouncement() {
        Optional<Long> announced = this.exchanges.stream()
                .filter((exchange) -> exchange.response().isConnectionClose())
                .map(KeepAliveClient.Exchange::respondedAtNanos)
                .reduce((first, second) -> (first - second < 0) ? first : second);
        return this.exchanges.stream()
                .filter((exchange) -> announced.isPresent() && exchange.sentAtNanos() - announced.get() > 0)
                .map(KeepAliveClient.Exchange::response)
                .filter((response) -> response.outcome() == Outcome.COMPLETE)
                .toList();
    }

    /**
     * Which share of the responses between two readings of {@link System#nanoTime()} carries {@code Connection: close}.
     */
    double closeShare(long begin, long end) {
        return this.exchanges.stream()
                .filter((exchange) -> exchange.response().outcome() == Outcome.COMPLETE)
                .filter((exchange) -> exchange.respondedAtNanos() - begin >= 0 && end - exchange.respondedAtNanos() > 0)
                .mapToInt((exchange) -> exchange.response().isConnectionClose() ? 1 : 0)
                .average()
                .orElse(Double.NaN);
    }
}
