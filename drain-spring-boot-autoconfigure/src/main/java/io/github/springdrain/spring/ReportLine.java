// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.spring;

import io.github.springdrain.DrainReport;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A report in one line that Kubernetes shows whole: the figures, and as much of what was aborted as there is room for. */
final class ReportLine {

    /** The kubelet keeps so many bytes of a message, the line feed included, and drops its beginning. */
    private static final int MOST_BYTES = 4096 - 1;

    private static final int ROOM_FOR_MORE = " and 2147483647 more".length();

    private static final int LONGEST_ENTRY = 250;

    private final DrainReport report;

    ReportLine(DrainReport report) {
        this.report = report;
    }

    @Override
    public String toString() {
        StringBuilder line = new StringBuilder(this.report.summary());
        List<String> entries = AbortedWork.entries(this.report);
        String separator = ". Aborted: ";
        int bytes = bytes(line);
        for (int i = 0; i < entries.size(); i++) {
            String next = separator + shortened(entries.get(i));
            bytes += bytes(next);
            if (bytes > MOST_BYTES - ROOM_FOR_MORE) {
                return line.append(" and ")
                        .append(entries.size() - i)
                        .append(" more")
                        .toString();
            }
            line.append(next);
            separator = "; ";
        }
        return line.toString();
    }

    private static String shortened(String entry) {
        if (entry.length() <= LONGEST_ENTRY) {
            return entry;
        }
        boolean splits = Character.isHighSurrogate(entry.charAt(LONGEST_ENTRY - 1));
        return entry.substring(0, splits ? LONGEST_ENTRY - 1 : LONGEST_ENTRY) + "...";
    }

    private static int bytes(CharSequence text) {
        return text.toString().getBytes(StandardCharsets.UTF_8).length;
    }
}
