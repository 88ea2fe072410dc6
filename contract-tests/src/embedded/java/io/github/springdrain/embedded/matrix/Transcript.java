package io.github.springdrain.embedded.matrix;

import java.util.ArrayList;
import java.util.List;

/** What one exchange looked like to its client, and to the application and the log of the server. Used by one thread. */
final class Transcript {

    private final List<String> lines = new ArrayList<>();

    private final List<String> outcomes = new ArrayList<>();

    private int responses;

    /** Notes something that two servers have to agree on. */
    void note(String line) {
        this.lines.add(line);
    }

    /** Notes something that also belongs to the exchange told in a few words. */
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

    /** Whether this differs from the other only in that the connection was not reset and the response is whole. */
    boolean isWholeWhere(Transcript reset) {
        return reset.outcomes.contains("RST")
                && summary().equals(reset.summary().replace(" cut", "").replace("RST", "FIN"));
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
