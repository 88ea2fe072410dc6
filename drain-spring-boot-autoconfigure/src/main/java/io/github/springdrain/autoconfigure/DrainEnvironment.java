// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.autoconfigure;

import io.github.springdrain.engine.DrainSettings;
import io.github.springdrain.spring.ShutdownBudget;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.cloud.CloudPlatform;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/** Where the application runs, as far as it matters to a drain. */
final class DrainEnvironment {

    /** How long it takes, with a margin, until every node of a cluster knows that an endpoint is going. */
    private static final Duration ON_KUBERNETES = Duration.ofSeconds(5);

    /** What Kubernetes shows as a container's last message, unless the pod names another file. */
    private static final Path TERMINATION_LOG = Path.of("/dev/termination-log");

    /** Set by Spring Boot's own test context; a test may well run on Kubernetes, and nobody routes to it. */
    private static final String TEST_MARKER = "org.springframework.boot.test.context.SpringBootTestContextBootstrapper";

    private static final String DEVTOOLS_LOADER =
            "org.springframework.boot.devtools.restart.classloader.RestartClassLoader";

    private static final String TIMEOUT_PER_PHASE = "spring.lifecycle.timeout-per-shutdown-phase";

    /** Spring Boot's own default of the property. */
    private static final Duration DEFAULT_TIMEOUT_PER_PHASE = Duration.ofSeconds(30);

    /** What a connection without a request gets in a test, whose clients are done by then. */
    private static final Duration GRACE_IN_TESTS = Duration.ofMillis(20);

    private final Environment environment;

    private final @Nullable ClassLoader classLoader;

    DrainEnvironment(Environment environment, @Nullable ClassLoader classLoader) {
        this.environment = environment;
        this.classLoader = classLoader;
    }

    /**
     * The delay of a user who has set none: what the environment needs, at least what the user has asked for, at most
     * half of the whole drain.
     */
    Duration delay(Duration minDelay, Duration timeout) {
        if (!isServingOnKubernetes()) {
            return Duration.ZERO;
        }
        Duration wanted = (minDelay.compareTo(ON_KUBERNETES) > 0) ? minDelay : ON_KUBERNETES;
        Duration half = timeout.dividedBy(2);
        return (wanted.compareTo(half) < 0) ? wanted : half;
    }

    /** The report file of a user who has named none; {@code null} where there is none. */
    @Nullable Path reportFile() {
        return reportFile(TERMINATION_LOG);
    }

    @Nullable Path reportFile(Path terminationLog) {
        boolean there =
                isServingOnKubernetes() && Files.isRegularFile(terminationLog) && Files.isWritable(terminationLog);
        return there ? terminationLog : null;
    }

    /** What a shutdown takes, a drain with these settings included. */
    ShutdownBudget budget(DrainSettings settings) {
        return ShutdownBudget.of(settings, effectiveTimeoutPerPhase());
    }

    /** What Spring Boot gives requests in service when it stops the server without a drain. */
    Duration stopLimit() {
        String shutdown = Binder.get(this.environment)
                .bind("server.shutdown", String.class)
                .orElse("");
        return shutdown.equalsIgnoreCase("immediate") ? Duration.ZERO : effectiveTimeoutPerPhase();
    }

    /**
     * The grace of connections without a request.
     *
     * @param key the last part of the property
     * @param value its value or its default, which tests and developers need not wait for
     */
    Duration grace(String key, Duration value) {
        boolean isSet = Binder.get(this.environment)
                .bind(DrainProperties.PREFIX + ".connections." + key, Duration.class)
                .isBound();
        return (isSet || isServing()) ? value : GRACE_IN_TESTS;
    }

    private Duration effectiveTimeoutPerPhase() {
        Duration perPhase = timeoutPerPhase();
        return (perPhase != null) ? perPhase : DEFAULT_TIMEOUT_PER_PHASE;
    }

    /**
     * The time limits of a shutdown.
     *
     * @param timeout what the user has set for the drain; {@code null} for nothing
     */
    TimeLimits timeLimits(@Nullable Duration timeout) {
        return new TimeLimits(timeout, timeoutPerPhase());
    }

    private @Nullable Duration timeoutPerPhase() {
        return Binder.get(this.environment)
                .bind(TIMEOUT_PER_PHASE, Duration.class)
                .orElse(null);
    }

    /** Whether Kubernetes runs it in order to serve: a test or a developer's session may run in a pod, too. */
    boolean isServingOnKubernetes() {
        return CloudPlatform.KUBERNETES.isActive(this.environment) && isServing();
    }

    /** Whether clients other than a test or its developer may send requests to it. */
    boolean isServing() {
        return !this.environment.containsProperty(TEST_MARKER) && !isDevTools();
    }

    private boolean isDevTools() {
        return this.classLoader != null && this.classLoader.getClass().getName().equals(DEVTOOLS_LOADER);
    }
}
