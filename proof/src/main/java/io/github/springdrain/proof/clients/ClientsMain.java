// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.proof.clients;

import io.github.springdrain.contract.ChildProcess;
import io.github.springdrain.contract.Moment;
import io.github.springdrain.contract.SampleProcess;
import io.github.springdrain.contract.Variant;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Restarts the variants under clients that other projects have written, and prints what each client says of its own
 * requests. Exits with 0 only if none of them saw an error but the refused connection at the end, while plain Spring
 * Boot, run a few times as a control, gives some of them another one. System properties: {@code proof.variant} has the
 * samples to run with commas between them, all if it is empty; {@code clients.client} the clients, in the same way;
 * {@code clients.restarts} how often each is restarted.
 */
final class ClientsMain {

    private static final Duration BEFORE_SIGNAL = Duration.ofMillis(1500);

    private static final Duration EXIT_LIMIT = Duration.ofSeconds(60);

    private static final int CONTROLS = 2;

    private ClientsMain() {}

    /** Runs it; takes no arguments. */
    public static void main(String[] arguments) {
        ChildProcess.endWithParent();
        int restarts = Integer.getInteger("clients.restarts", 20);
        List<Variant> variants = Variant.selected("proof.variant");
        List<String> faults = new ArrayList<>();
        List<String> rows = new ArrayList<>();
        long lostByControl = 0;
        for (ForeignClient client : ForeignClient.selected("clients.client")) {
            Optional<String> missing = client.missing();
            if (missing.isPresent()) {
                System.out.println("SKIPPED, " + client.label() + ": no such command: " + missing.get());
                continue;
            }
            for (Variant variant : variants) {
                ForeignClient.Result starter = restart(variant, client, true, restarts);
                ForeignClient.Result control = restart(variant, client, false, CONTROLS);
                rows.add("| %s | %s | %d | %s | %s |"
                        .formatted(client.label(), variant.id(), restarts, starter, control));
                System.out.println(rows.get(rows.size() - 1));
                if ((starter.lost() > 0 && client.ownErrors().isEmpty()) || starter.complete() == 0) {
                    faults.add("%s, %s: %s".formatted(client.label(), variant.id(), starter.detail()));
                }
                lostByControl += control.lost();
            }
            client.ownErrors().ifPresent((reason) -> System.out.println(client.label() + ": " + reason));
        }
        if (lostByControl == 0) {
            faults.add("Nothing was lost without the starter either");
        }
        System.out.printf(
                "%n| client | variant | restarts | errors with the starter | errors without, %d restarts |%n"
                        + "|---|---|---|---|---|%n%s%n%n",
                CONTROLS, String.join("\n", rows));
        faults.forEach((fault) -> System.out.println("FAILED. " + fault));
        System.exit(faults.isEmpty() ? 0 : 1);
    }

    private static ForeignClient.Result restart(Variant variant, ForeignClient client, boolean starter, int times) {
        ForeignClient.Result sum = ForeignClient.Result.NONE;
        for (int i = 0; i < times; i++) {
            sum = sum.plus(restart(variant, client, starter));
        }
        return sum;
    }

    private static ForeignClient.Result restart(Variant variant, ForeignClient client, boolean starter) {
        try (SampleProcess server = SampleProcess.of(variant)
                .image(true)
                .with("--server.drain.enabled=" + starter, "--server.http2.enabled=true")
                .start()) {
            ForeignClient.Run run = client.start("http://localhost:%d/hello".formatted(server.port()));
            Moment.await(System.nanoTime(), BEFORE_SIGNAL);
            server.terminate();
            server.awaitExit(EXIT_LIMIT);
            return run.result();
        }
    }
}
