package io.github.springdrain.autoconfigure;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.cloud.CloudPlatform;
import org.springframework.core.env.Environment;

/** Where the application runs, as far as it matters to how long a drain should be announced. */
final class AnnounceEnvironment {

    /** How long it takes, with a margin, until every node of a cluster knows that an endpoint is going. */
    private static final Duration ON_KUBERNETES = Duration.ofSeconds(5);

    /** Set by Spring Boot's own test context; a test may well run on Kubernetes, and nobody routes to it. */
    private static final String TEST_MARKER = "org.springframework.boot.test.context.SpringBootTestContextBootstrapper";

    private static final String DEVTOOLS_LOADER =
            "org.springframework.boot.devtools.restart.classloader.RestartClassLoader";

    private final Environment environment;

    private final @Nullable ClassLoader classLoader;

    AnnounceEnvironment(Environment environment, @Nullable ClassLoader classLoader) {
        this.environment = environment;
        this.classLoader = classLoader;
    }

    /**
     * The delay of a user who has set none: what the environment needs, at least what the user has asked for, at most
     * half of the whole drain.
     */
    Duration delay(Duration minDelay, Duration timeout) {
        if (!isBehindLoadBalancer()) {
            return Duration.ZERO;
        }
        Duration wanted = (minDelay.compareTo(ON_KUBERNETES) > 0) ? minDelay : ON_KUBERNETES;
        Duration half = timeout.dividedBy(2);
        return (wanted.compareTo(half) < 0) ? wanted : half;
    }

    private boolean isBehindLoadBalancer() {
        return CloudPlatform.KUBERNETES.isActive(this.environment)
                && !this.environment.containsProperty(TEST_MARKER)
                && !isDevTools();
    }

    private boolean isDevTools() {
        return this.classLoader != null && this.classLoader.getClass().getName().equals(DEVTOOLS_LOADER);
    }
}
