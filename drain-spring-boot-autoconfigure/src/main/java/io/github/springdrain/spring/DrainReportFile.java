// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.spring;

import io.github.springdrain.DrainListener;
import io.github.springdrain.DrainReport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes one line about a drain into a file, in place of what was there: on Kubernetes, what {@code kubectl describe
 * pod} shows as the last message of the container. Called before whoever waits for the drain learns of its end, so the
 * process is still there. A file that cannot be written costs one line in the log.
 */
public final class DrainReportFile implements DrainListener {

    private static final Logger logger = LoggerFactory.getLogger(DrainReportFile.class);

    private final @Nullable Path file;

    /** Creates a listener that writes into {@code file}, or nowhere if it is {@code null}. */
    public DrainReportFile(@Nullable Path file) {
        this.file = file;
    }

    @Override
    public void drained(DrainReport report) {
        if (this.file == null) {
            return;
        }
        try {
            // Opening a pipe nobody reads from would hold up the end of the drain without a bound.
            if (Files.exists(this.file) && !Files.isRegularFile(this.file)) {
                throw new IOException("not a regular file");
            }
            // Not as a string, which fails at a path that is no valid text.
            Files.write(this.file, (new ReportLine(report) + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (IOException | RuntimeException ex) {
            logger.warn(
                    "Cannot write the report of the drain into {} ({}); see server.drain.report.file",
                    this.file,
                    ex.toString());
        }
    }
}
