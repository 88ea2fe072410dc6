// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.proof.handover;

import io.github.springdrain.contract.ChildProcess;
import io.github.springdrain.contract.DelayedLink;
import io.github.springdrain.contract.Selection;
import io.github.springdrain.contract.SharedPort;
import io.github.springdrain.contract.Transport;
import io.github.springdrain.contract.Variant;
import io.github.springdrain.proof.Table;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Hands a port over from one process of the sample to the next under load, over a link with 20 ms each way where there can
 * be one, and prints for each time what clients saw. Exits with 0 only if nothing was lost, refused or dropped although something was under way,
 * and each control lost something. System properties: {@code handover.variant} has the samples to run with commas between them, all
 * if it is empty; {@code handover.count} how often; {@code handover.transport} what clients speak, some of {@code plain},
 * {@code tls} and {@code http2}.
 */
final class HandOverMain {

    private static final Duration ONE_WAY = Duration.ofMillis(20);

    private static final int COUNT = 20;

    /** How many fewer hand-overs the control gets, which loses something in nearly each. */
    private static final int CONTROL_FRACTION = 4;

    private final long began = System.nanoTime();

    private final boolean delayed;

    private final int count;

    private final List<Series> all = new ArrayList<>();

    private final List<String> brokenOff = new ArrayList<>();

    private HandOverMain(boolean delayed, int count) {
        this.delayed = delayed;
        this.count = count;
    }

    /** Runs it; takes no arguments. */
    public static void main(String[] arguments) {
        ChildProcess.endWithParent();
        int count = count();
        List<Transport> transports = transports();
        List<Variant> variants = Variant.selected("handover.variant");
        Optional<String> missing = DelayedLink.missing();
        System.out.println(missing.map((reason) ->
                        "Over loopback, where little is under way (no link with delay: %s)".formatted(reason))
                .orElse("Over a link with %d ms each way".formatted(ONE_WAY.toMillis())));
        System.out.printf(
                "%d clients open a connection for each request, %d keep theirs. Lost: a connection was there, and no whole"
                        + " response came. ListenDrops: SYNs that the kernel dropped although there was room%n",
                SharedPort.NEW_CLIENTS, SharedPort.KEPT_CLIENTS);
        boolean proven = new HandOverMain(missing.isEmpty(), count).run(variants, transports);
        System.exit(proven ? 0 : 1);
    }

    private boolean run(List<Variant> variants, List<Transport> transports) {
        for (Transport transport : transports) {
            for (Variant variant : variants) {
                series(new Way.Sample(variant, true), transport, this.count);
                series(new Way.Sample(variant, false), transport, Math.max(1, this.count / CONTROL_FRACTION));
            }
        }
        if (transports.contains(Transport.PLAIN)) {
            for (BareServer.Close close : BareServer.Close.values()) {
                series(new Way.Bare(close), Transport.PLAIN, this.count);
            }
        }
        List<String> faults = Stream.concat(
                        this.all.stream().map(Series::fault).flatMap(Optional::stream), this.brokenOff.stream())
                .toList();
        Table table =
                new Table(Series.head(), this.all.stream().map(Series::row).toList());
        System.out.printf("%n%s%n%n", table.markdown());
        faults.forEach((fault) -> System.out.println("FAILED. " + fault));
        if (faults.isEmpty()) {
            System.out.println(
                    "PROVEN. With the starter nothing was lost, refused or dropped; each control lost something.");
        }
        return faults.isEmpty();
    }

    /** One that breaks off, as where a process does not start, leaves the others to be run and is a fault in the end. */
    private void series(Way way, Transport transport, int times) {
        try (SharedPort port = this.delayed ? SharedPort.over(ONE_WAY, transport) : SharedPort.onLoopback(transport)) {
            this.all.add(Series.of(way, transport, port, times, (soFar) -> print(soFar, times)));
        } catch (AssertionError | RuntimeException ex) {
            String fault = "%s, %s: broke off: %s".formatted(way.label(), transport.label(), ex.getMessage());
            System.out.println(fault);
            this.brokenOff.add(fault);
        }
    }

    private void print(Series soFar, int times) {
        System.out.printf(
                "[%5d s] %s, %d of %d: %s%n",
                Duration.ofNanos(System.nanoTime() - this.began).toSeconds(),
                soFar.name(),
                soFar.all().size(),
                times,
                soFar.last());
    }

    private static int count() {
        String value = System.getProperty("handover.count", "");
        int count = value.isBlank() ? COUNT : value.matches("\\d{1,6}") ? Integer.parseInt(value) : 0;
        if (count < 1) {
            throw new IllegalArgumentException(
                    "handover.count is '%s' (expected: a number of at least 1)".formatted(value));
        }
        return count;
    }

    private static List<Transport> transports() {
        String property = "handover.transport";
        return System.getProperty(property, "").isBlank()
                ? List.of(Transport.PLAIN)
                : Selection.of(property, List.of(Transport.values()), HandOverMain::id);
    }

    private static String id(Transport transport) {
        return transport.name().toLowerCase(Locale.ROOT);
    }
}
