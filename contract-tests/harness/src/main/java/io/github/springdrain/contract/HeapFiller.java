// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.contract;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Runs an application, and fills its heap up to a small rest when a line comes over standard input. */
public final class HeapFiller {

    static final String FULL = "@filler full";

    private static final int PIECE_BYTES = 64 * 1024;

    /** What is left: two megabytes. */
    private static final int PIECES_LEFT = 32;

    private static final List<byte[]> ballast = new ArrayList<>();

    private HeapFiller() {}

    /** Takes the name of the application's main class and the application's arguments. */
    public static void main(String[] arguments) throws ReflectiveOperationException {
        Thread filler = new Thread(HeapFiller::fillWhenTold, "heap-filler");
        filler.setDaemon(true);
        filler.start();
        Class.forName(arguments[0]).getMethod("main", String[].class).invoke(null, (Object)
                Arrays.copyOfRange(arguments, 1, arguments.length));
    }

    private static void fillWhenTold() {
        try {
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
            fill();
            System.out.println(FULL);
        } catch (IOException ex) {
            throw new IllegalStateException(ex);
        }
    }

    private static void fill() {
        try {
            while (true) {
                ballast.add(new byte[PIECE_BYTES]);
            }
        } catch (OutOfMemoryError ex) {
            ballast.subList(ballast.size() - PIECES_LEFT, ballast.size()).clear();
        }
    }
}
