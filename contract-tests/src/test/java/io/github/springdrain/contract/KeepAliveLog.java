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

    /** Those for which no whole answer came, each in one line; times are counted from {@code signalNanos}. */
    List<String> losses(long signalNanos) {
        return this.exchanges.stream()
                .filter((exchange) -> isFailure(exchange.answer().outcome()))
                .map((exchange) -> "%s, sent %d ms after the signal"
                        .formatted(
                                exchange.answer().summary(),
                                Duration.ofNanos(exchange.sentAtNanos() - signalNanos)
                                        .toMillis()))
                .toList();
    }

    /** A client that is told 503 has failed as one that is told nothing, but may have asked elsewhere when it is refused. */
    private static boolean isFailure(Outcome outcome) {
        return outcome.isLost() || outcome == Outcome.UNAVAILABLE_503;
    }

    /** Answers to requests that were sent after the first answer with {@code Connection: close} had arrived. */
    List<RawResponse> answersAfterAnnouncement() {
        Optional<Long> announced = this.exchanges.stream()
                .filter((exchange) -> exchange.answer().isConnectionClose())
                .map(KeepAliveClient.Exchange::answeredAtNanos)
                .reduce((first, second) -> (first - second < 0) ? first : second);
        return this.exchanges.stream()
                .filter((exchange) -> announced.isPresent() && exchange.sentAtNanos() - announced.get() > 0)
                .map(KeepAliveClient.Exchange::answer)
                .filter((answer) -> answer.outcome() == Outcome.COMPLETE)
                .toList();
    }

    /** Which share of the answers between two readings of {@link System#nanoTime()} carries {@code Connection: close}. */
    double closeShare(long begin, long end) {
        return this.exchanges.stream()
                .filter((exchange) -> exchange.answer().outcome() == Outcome.COMPLETE)
                .filter((exchange) -> exchange.answeredAtNanos() - begin >= 0 && end - exchange.answeredAtNanos() > 0)
                .mapToInt((exchange) -> exchange.answer().isConnectionClose() ? 1 : 0)
                .average()
                .orElse(Double.NaN);
    }
}
