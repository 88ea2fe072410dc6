// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.cluster;

import io.github.springdrain.cluster.load.FailedLine;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What happened to pods, as a picture: for each pod what its status, its EndpointSlice and its drain said, and above them
 * the requests that failed.
 *
 * @param title what it shows
 * @param fromMillis its begin
 * @param toMillis its end
 * @param segments the states
 * @param failures the requests that failed
 */
record Timeline(
        String title, long fromMillis, long toMillis, List<History.Segment> segments, List<FailedLine> failures) {

    /** The lanes of a pod, from top to bottom. */
    private static final List<String> LANES = List.of(Recorder.POD, Recorder.ENDPOINT, Recorder.DRAIN);

    private static final Map<String, String> COLOURS = Map.ofEntries(
            Map.entry("pending", "#ddd"),
            Map.entry("starting", "#f4d58d"),
            Map.entry("ready", "#7fb77e"),
            Map.entry("not ready", "#e5b25d"),
            Map.entry("deleted, ready", "#a7c4a0"),
            Map.entry("deleted, not ready", "#c9a66b"),
            Map.entry("ended", "#888"),
            Map.entry("serving, terminating", "#a7c4a0"),
            Map.entry("terminating", "#c9a66b"),
            Map.entry("ANNOUNCED", "#c6dbef"),
            Map.entry("EMPTYING_ACCEPT_QUEUE", "#9ecae1"),
            Map.entry("CLOSED_TO_NEW", "#85bcdc"),
            Map.entry("FINISHING", "#6baed6"),
            Map.entry("FORCING", "#d94801"),
            Map.entry("DRAINED", "#9e9ac8"));

    private static final int LEFT = 210;

    private static final int WIDTH = 900;

    private static final int LANE_HEIGHT = 14;

    private static final int TOP = 34;

    /** The picture. */
    String svg() {
        List<String> rows = this.segments.stream()
                .map(History.Segment::row)
                .distinct()
                .sorted()
                .toList();
        int rowHeight = LANE_HEIGHT * LANES.size() + 8;
        int height = TOP + rows.size() * rowHeight + 24;
        StringBuilder svg = new StringBuilder();
        svg.append("""
                <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" font-family="sans-serif" font-size="10">
                <title>%s</title>
                """.formatted(LEFT + WIDTH + 20, height, LEFT + WIDTH + 20, escaped(this.title)));
        ticks(svg, height);
        for (FailedLine failure : this.failures) {
            svg.append(
                    "<line x1=\"%s\" x2=\"%s\" y1=\"8\" y2=\"%d\" stroke=\"#c00\" stroke-opacity=\".35\"><title>%s</title></line>\n"
                            .formatted(
                                    x(failure.endedMillis()),
                                    x(failure.endedMillis()),
                                    height - 20,
                                    escaped(failure.what() + " " + failure.detail())));
        }
        svg.append("<text x=\"4\" y=\"16\" fill=\"%s\">%d failed requests</text>\n"
                .formatted(this.failures.isEmpty() ? "#333" : "#c00", this.failures.size()));
        for (int row = 0; row < rows.size(); row++) {
            row(svg, rows.get(row), TOP + row * rowHeight);
        }
        return svg.append("</svg>\n").toString();
    }

    private void ticks(StringBuilder svg, int height) {
        long seconds = Math.max(1, (this.toMillis - this.fromMillis) / 1000);
        long step = Math.max(1, seconds / 12);
        for (long second = 0; second <= seconds; second += step) {
            String x = x(this.fromMillis + second * 1000);
            svg.append(
                    "<line x1=\"%s\" x2=\"%s\" y1=\"%d\" y2=\"%d\" stroke=\"#eee\"/><text x=\"%s\" y=\"%d\" fill=\"#555\">%d s</text>\n"
                            .formatted(x, x, TOP, height - 20, x, height - 8, second));
        }
    }

    private void row(StringBuilder svg, String row, int y) {
        for (int i = 0; i < LANES.size(); i++) {
            String lane = LANES.get(i);
            int top = y + i * LANE_HEIGHT;
            svg.append("<text x=\"4\" y=\"%d\" fill=\"#333\">%s</text>\n"
                    .formatted(top + 10, escaped((i == 0) ? row : "   " + lane)));
            for (History.Segment segment : this.segments) {
                if (segment.row().equals(row) && segment.lane().equals(lane)) {
                    svg.append(bar(segment, top));
                }
            }
        }
    }

    private String bar(History.Segment segment, int top) {
        double width = Math.max(1, (double) WIDTH * (segment.toMillis() - segment.fromMillis()) / span());
        String text = "%s, %.1f s".formatted(segment.state(), (segment.toMillis() - segment.fromMillis()) / 1000.0);
        String label = (width > 6.0 * segment.state().length())
                ? "<text x=\"%s\" y=\"%d\" fill=\"#111\">%s</text>"
                        .formatted(x(segment.fromMillis() + span() / 400), top + 9, escaped(segment.state()))
                : "";
        return String.format(
                Locale.ROOT,
                "<rect x=\"%s\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"%s\"><title>%s</title></rect>%s%n",
                x(segment.fromMillis()),
                top,
                width,
                LANE_HEIGHT - 2,
                COLOURS.getOrDefault(segment.state(), "#bbb"),
                escaped(text),
                label);
    }

    private String x(long millis) {
        double share = (double) (Math.min(this.toMillis, Math.max(this.fromMillis, millis)) - this.fromMillis) / span();
        return String.format(Locale.ROOT, "%.1f", LEFT + WIDTH * share);
    }

    private long span() {
        return Math.max(1, this.toMillis - this.fromMillis);
    }

    static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
    }
}
