// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.proof;

import io.github.springdrain.contract.ChildProcess;
import io.github.springdrain.contract.Variant;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Restarts the variants under load, with the starter and as a control without, and prints what clients saw. Exits with 0
 * only if nothing was lost with the starter and each control lost something. System properties: {@code proof.variant} has
 * the samples to run with commas between them, all if it is empty; {@code proof.requests} and {@code proof.restarts} how
 * much of each; {@code proof.page} the file to write.
 */
final class ProofMain {

    private final long began = System.nanoTime();

    private final List<Series> all = new ArrayList<>();

    private ProofMain() {}

    /** Runs it; takes no arguments. */
    public static void main(String[] arguments) throws IOException {
        ChildProcess.endWithParent();
        Size size = new Size(number("proof.requests", 1_000_000), (int) number("proof.restarts", 100));
        List<Variant> variants = Variant.selected("proof.variant");
        boolean proven = new ProofMain()
                .run(variants, size, Path.of(System.getProperty("proof.page", "target/drain-proof.html")));
        System.exit(proven ? 0 : 1);
    }

    private boolean run(List<Variant> variants, Size size, Path page) throws IOException {
        for (boolean tls : new boolean[] {false, true}) {
            Size starter = tls ? size.tenth() : size;
            for (Variant variant : variants) {
                series(variant, tls, true, starter);
                series(variant, tls, false, size.tenth());
            }
        }
        Verdict verdict = Verdict.of(this.all);
        Table table = Table.of(this.all);
        Page.write(page, verdict, table);
        System.out.printf("%n%s%n%n%s%n", table.markdown(), String.join("\n", verdict.sentences()));
        System.out.println(
                (verdict.proven() ? "PROVEN. " : "FAILED. ") + "The table as a page: " + page.toAbsolutePath());
        return verdict.proven();
    }

    private void series(Variant variant, boolean tls, boolean starter, Size size) {
        Series series = Series.of(variant, tls, starter, size, (soFar) -> {
            System.out.printf(
                    Locale.ROOT,
                    "[%6d s] %s: %d of %d restarts, %d requests, %d lost%n",
                    Duration.ofNanos(System.nanoTime() - this.began).toSeconds(),
                    soFar.name(),
                    soFar.restarts().size(),
                    size.restarts(),
                    soFar.tally().requests(),
                    soFar.tally().lost());
        });
        this.all.add(series);
    }

    private static long number(String property, long otherwise) {
        String value = System.getProperty(property, "");
        try {
            return value.isBlank() ? otherwise : Long.parseLong(value.replace("_", ""));
        } catch (NumberFormatException ex) {
            throw new IllegalArgumentException("%s is '%s' (expected: a number)".formatted(property, value), ex);
        }
    }
}
