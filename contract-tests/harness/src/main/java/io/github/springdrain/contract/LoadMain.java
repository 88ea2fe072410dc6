// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.contract;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A {@link MixedLoad} in a process of its own, steered over standard input: {@code begin}, {@code tally} and {@code end}.
 * Ends with its input.
 */
public final class LoadMain {

    static final String PREFIX = "@load ";

    private final String[] arguments;

    private @Nullable MixedLoad load;

    private LoadMain(String[] arguments) {
        this.arguments = arguments;
    }

    /**
     * Takes the server's address, its port, the transport, how many clients open a connection for each request, how many
     * keep theirs, and their longest pause in milliseconds.
     */
    public static void main(String[] arguments) throws IOException {
        LoadMain main = new LoadMain(arguments);
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (@Nullable String command = commands.readLine(); command != null; command = commands.readLine()) {
            System.out.println(PREFIX + main.obey(command));
        }
        System.exit(0);
    }

    private String obey(String command) {
        MixedLoad current = this.load;
        if (command.equals("begin") && current == null) {
            this.load = begin();
            return "begun";
        }
        if (current == null) {
            throw new IllegalStateException("Nothing has begun: " + command);
        }
        return switch (command) {
            case "tally" -> current.tally().format();
            case "end" -> {
                this.load = null;
                yield current.end().format();
            }
            default -> throw new IllegalArgumentException("No such command now: " + command);
        };
    }

    private MixedLoad begin() {
        return new MixedLoad(
                this.arguments[0],
                Integer.parseInt(this.arguments[1]),
                Transport.valueOf(this.arguments[2]),
                Integer.parseInt(this.arguments[3]),
                Integer.parseInt(this.arguments[4]),
                Duration.ofMillis(Long.parseLong(this.arguments[5])));
    }
}
