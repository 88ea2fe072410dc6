// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.contract;

import java.util.List;
import java.util.Map;

/**
 * What a client got for one request.
 *
 * @param outcome how the exchange ended
 * @param status the status; 0 when no head arrived
 * @param headers the header fields; names are found in any case
 * @param text the first 64 KiB of the body, one character for each byte
 * @param bodyLength bytes of the body that arrived, without chunk framing
 * @param ending how the connection stood after the response
 * @param detail the failure behind an outcome that is not a response; empty otherwise
 */
public record RawResponse(
        Outcome outcome,
        int status,
        Map<String, List<String>> headers,
        String text,
        long bodyLength,
        ConnectionEnd ending,
        String detail) {

    /** Nothing arrived. */
    static RawResponse none(Outcome outcome, String detail) {
        ConnectionEnd ending = (outcome == Outcome.RESET) ? ConnectionEnd.RESET : ConnectionEnd.OPEN;
        return new RawResponse(
                outcome, 0, Map.of(), "", 0, (outcome == Outcome.NO_RESPONSE) ? ConnectionEnd.EOF : ending, detail);
    }

    /** The same response on a connection that ended so. */
    RawResponse endedBy(ConnectionEnd newEnding) {
        return new RawResponse(
                this.outcome, this.status, this.headers, this.text, this.bodyLength, newEnding, this.detail);
    }

    /** Whether the response advertises the close. */
    public boolean isConnectionClose() {
        return this.headers.getOrDefault("Connection", List.of()).stream()
                .anyMatch((value) -> value.equalsIgnoreCase("close"));
    }

    @Override
    public String toString() {
        return summary();
    }

    /** The response in one line, for messages. */
    public String summary() {
        return "%s %d, %d bytes, %s%s%s"
                .formatted(
                        this.outcome,
                        this.status,
                        this.bodyLength,
                        this.ending,
                        isConnectionClose() ? ", Connection: close" : "",
                        this.detail.isEmpty() ? "" : " (" + this.detail + ")");
    }
}
