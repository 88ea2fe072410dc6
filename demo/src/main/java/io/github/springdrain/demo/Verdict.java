// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.demo;

/**
 * Whether the two courses show what the demo is for.
 *
 * @param shown whether they do
 * @param sentence why, or why not
 */
record Verdict(boolean shown, String sentence) {

    static Verdict of(DemoRun off, DemoRun on) {
        if (on.complete() == 0 || off.complete() == 0) {
            return new Verdict(false, "FAILED: the clients got no response at all, so nothing was compared.");
        }
        if (on.lost() > 0) {
            return new Verdict(
                    false,
                    "FAILED: with the drain on, %d of %d attempts were lost (expected: 0)."
                            .formatted(on.lost(), on.attempts().size()));
        }
        if (off.lost() == 0) {
            return new Verdict(
                    false,
                    "FAILED: with the drain off nothing was lost either, so this run proves nothing; run it again.");
        }
        return new Verdict(
                true,
                "The drain lost nothing. Without it %d of %d attempts were lost."
                        .formatted(off.lost(), off.attempts().size()));
    }
}
