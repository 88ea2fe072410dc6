// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.actuate;

import io.github.springdrain.RequestSnapshot;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.springframework.boot.actuate.endpoint.web.PathMappedEndpoints;
import org.springframework.boot.actuate.endpoint.web.WebServerNamespace;

/**
 * Recognizes requests to the actuator on the application's own port by their paths. They are served during a drain but are
 * not work: the request that waits for the drain must not be waited for, and a health check must not hold up the end.
 */
public final class ActuatorRequests implements Predicate<RequestSnapshot> {

    private final Set<String> roots;

    private ActuatorRequests(Set<String> roots) {
        this.roots = roots;
    }

    /**
     * The requests to these endpoints.
     *
     * @param endpoints the endpoints that are exposed
     * @param prefix what precedes every path of the application, such as the context path
     * @param onApplicationPort whether the endpoints are on the application's port; where they are not, only the
     *     additional paths of health groups are
     */
    public static ActuatorRequests to(PathMappedEndpoints endpoints, String prefix, boolean onApplicationPort) {
        Set<String> roots = new LinkedHashSet<>();
        if (onApplicationPort) {
            Stream.concat(Stream.of(endpoints.getBasePath()), endpoints.getAllPaths().stream())
                    .filter((path) -> !path.isEmpty() && !path.equals("/"))
                    .map((path) -> prefix + path)
                    .forEach(roots::add);
        }
        endpoints.stream()
                .map((endpoint) -> endpoint.getAdditionalPaths(WebServerNamespace.SERVER))
                .flatMap(Collection::stream)
                .map((path) -> prefix + (path.startsWith("/") ? path : "/" + path))
                .forEach(roots::add);
        return new ActuatorRequests(roots);
    }

    /** The requests below one path. */
    public static ActuatorRequests to(String path) {
        return new ActuatorRequests(Set.of(path));
    }

    @Override
    public boolean test(RequestSnapshot request) {
        String path = request.path();
        return this.roots.stream().anyMatch((root) -> path.equals(root) || path.startsWith(root + "/"));
    }
}
