// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.embedded.matrix;

import java.util.ArrayList;
import java.util.List;

/** What one exchange looked like to its client, and to the application and the log of the server. Used by one thread. */
final class Transcript {

    /** The outcome of a client that could not send all of its request. */
    static final String UNSENT = "unsent";

    private final List<String> lines = new ArrayList<>();

    private final List<String> outcomes = new ArrayList<>();

    private int responses;

    /** Notes something that two servers have to agree on. */
    void note(String line) {
        this.lines.add(line);
    }

    /** Notes something that also belongs to the exchange in a few words. */
    void outcome(String outcome) {
        this.lines.add("=> " + outcome);
        this.outcomes.add(outcome);
    }

    /** Notes a response. */
    void response(String outcome) {
        this.responses++;
        outcome(outcome);
    }

    int responses() {
        return this.responses;
    }

    /** The exchange in a few words. */
    String summary() {
        return String.join(", ", this.outcomes);
    }

    /**
     * Whether this differs from the other only in that the client could send its whole request, got a whole response, or
     * saw no reset.
     */
    boolean isWholeWhere(Transcript broken) {
        boolean isBroken = broken.outcomes.contains("RST") || broken.outcomes.contains(UNSENT);
        String whole =
                broken.summary().replace(UNSENT + ", ", "").replace(" cut", "").replace("RST", "FIN");
        return isBroken && summary().equals(whole);
    }

    /** What only one of the two has, each in the order of its own. */
    String differenceFrom(Transcript plain) {
        List<String> difference = new ArrayList<>();
        difference.add("plain: " + plain.summary());
        difference.add("starter: " + summary());
        missing(plain.lines, this.lines).forEach((line) -> difference.add("- " + line));
        missing(this.lines, plain.lines).forEach((line) -> difference.add("+ " + line));
        return String.join("\n", difference);
    }

    private static List<String> missing(List<String> from, List<String> lines) {
        List<String> left = new ArrayList<>(from);
        lines.forEach(left::remove);
        return left;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Transcript transcript && this.lines.equals(transcript.lines);
    }

    @Override
    public int hashCode() {
        return this.lines.hashCode();
    }

    @Override
    public String toString() {
        return String.join("\n", this.lines);
    }
}
