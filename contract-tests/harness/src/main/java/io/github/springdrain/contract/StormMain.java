// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.contract;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A storm in a process of its own, steered over standard input: {@code begin}, {@code tally}, {@code end} and
 * {@code rtt}. Ends with its input.
 */
public final class StormMain {

    static final String PREFIX = "@storm ";

    private final String host;

    private final int port;

    private final ConnectStorm storm;

    private StormMain(String host, int port, int threads, Duration longestPause) {
        this.host = host;
        this.port = port;
        RawClient client = RawClient.plain(host, port).withPatience(Duration.ofSeconds(15));
        this.storm = new ConnectStorm(client, threads, longestPause);
    }

    /** Takes the server's address, its port, the number of threads, and their longest pause in milliseconds. */
    public static void main(String[] arguments) throws IOException {
        StormMain main = new StormMain(
                arguments[0],
                Integer.parseInt(arguments[1]),
                Integer.parseInt(arguments[2]),
                Duration.ofMillis(Long.parseLong(arguments[3])));
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (@Nullable String command = commands.readLine(); command != null; command = commands.readLine()) {
            System.out.println(PREFIX + main.obey(command));
        }
    }

    private String obey(String command) {
        return switch (command) {
            case "begin" -> {
                this.storm.begin();
                yield "begun";
            }
            case "tally" -> this.storm.tally().format();
            case "end" -> this.storm.end().format();
            case "rtt" -> Long.toString(connectMillis());
            default -> throw new IllegalArgumentException("No such command: " + command);
        };
    }

    /** The time of one connect, accepted or refused: a round trip either way. */
    private long connectMillis() {
        long start = System.nanoTime();
        try {
            RawClient.plain(this.host, this.port).connect().close();
        } catch (IOException ex) {
            // Refused, which takes as long.
        }
        return Duration.ofNanos(System.nanoTime() - start).toMillis();
    }
}
