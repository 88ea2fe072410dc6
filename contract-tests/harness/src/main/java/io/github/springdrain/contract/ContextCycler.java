// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.contract;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Opens and closes the application's context again and again in one JVM, as often as it is asked to over standard input:
 * {@code open} with the application's arguments, separated by tabs, and {@code close}. Runs inside the sample's jar and
 * therefore knows Spring Boot by name only. Ends with its input.
 */
public final class ContextCycler {

    static final String PREFIX = "@cycler ";

    private final Class<?> application;

    private final Method run;

    private @Nullable Closeable context;

    private ContextCycler(String application) throws ReflectiveOperationException {
        this.application = Class.forName(application);
        this.run = Class.forName("org.springframework.boot.SpringApplication")
                .getMethod("run", Class.class, String[].class);
    }

    /** Takes the name of the application's main class. */
    public static void main(String[] arguments) throws ReflectiveOperationException, IOException {
        ContextCycler cycler = new ContextCycler(arguments[0]);
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (@Nullable String command = commands.readLine(); command != null; command = commands.readLine()) {
            long start = System.nanoTime();
            String done = cycler.obey(command);
            long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
            System.out.println(PREFIX + done + " in " + millis + " ms");
        }
        System.exit(0);
    }

    private String obey(String command) throws ReflectiveOperationException, IOException {
        if (command.equals("close")) {
            return close();
        }
        String[] applicationArguments = command.substring("open\t".length()).split("\t");
        this.context = (Closeable) this.run.invoke(null, this.application, applicationArguments);
        return "open";
    }

    private String close() throws IOException {
        Closeable current = this.context;
        if (current == null) {
            throw new IllegalStateException("Nothing is open");
        }
        current.close();
        this.context = null;
        return "closed";
    }
}
