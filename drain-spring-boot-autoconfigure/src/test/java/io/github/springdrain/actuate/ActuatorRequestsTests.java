// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.springdrain.RequestSnapshot;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.EndpointId;
import org.springframework.boot.actuate.endpoint.EndpointsSupplier;
import org.springframework.boot.actuate.endpoint.ExposableEndpoint;
import org.springframework.boot.actuate.endpoint.Operation;
import org.springframework.boot.actuate.endpoint.web.PathMappedEndpoint;
import org.springframework.boot.actuate.endpoint.web.PathMappedEndpoints;
import org.springframework.boot.actuate.endpoint.web.WebServerNamespace;

class ActuatorRequestsTests {

    @Test
    void matchesWhatIsUnderTheBasePath() {
        ActuatorRequests requests = ActuatorRequests.to(endpoints("/actuator"), "", true);
        assertThat(matches(requests, "/actuator")).isTrue();
        assertThat(matches(requests, "/actuator/drain")).isTrue();
        assertThat(matches(requests, "/actuator/drain/wait")).isTrue();
        assertThat(matches(requests, "/actuators")).isFalse();
        assertThat(matches(requests, "/hello")).isFalse();
    }

    @Test
    void matchesTheMappedPathsWhereTheBasePathIsTheRoot() {
        ActuatorRequests requests = ActuatorRequests.to(endpoints("/"), "", true);
        assertThat(matches(requests, "/leave")).isTrue();
        assertThat(matches(requests, "/leave/wait")).isTrue();
        assertThat(matches(requests, "/leaves")).isFalse();
        assertThat(matches(requests, "/")).isFalse();
    }

    @Test
    void matchesBehindTheContextPathOnly() {
        ActuatorRequests requests = ActuatorRequests.to(endpoints("/actuator"), "/shop", true);
        assertThat(matches(requests, "/shop/actuator/drain")).isTrue();
        assertThat(matches(requests, "/actuator/drain")).isFalse();
    }

    @Test
    void matchesOnlyTheAdditionalPathsWhereManagementHasAPortOfItsOwn() {
        ActuatorRequests requests = ActuatorRequests.to(endpoints("/actuator"), "", false);
        assertThat(matches(requests, "/actuator/drain")).isFalse();
        assertThat(matches(requests, "/readyz")).isTrue();
    }

    private static boolean matches(ActuatorRequests requests, String path) {
        return requests.test(new RequestSnapshot("GET", path, Duration.ZERO, 0, 0, null));
    }

    private static PathMappedEndpoints endpoints(String basePath) {
        EndpointsSupplier<MappedEndpoint> supplier = () -> List.of(new MappedEndpoint());
        return new PathMappedEndpoints(basePath, supplier);
    }

    /** The drain's endpoint, mapped elsewhere and with a path on the application's port. */
    private static final class MappedEndpoint implements ExposableEndpoint<Operation>, PathMappedEndpoint {

        @Override
        public EndpointId getEndpointId() {
            return EndpointId.of("drain");
        }

        @Override
        public Access getDefaultAccess() {
            return Access.READ_ONLY;
        }

        @Override
        @SuppressWarnings("removal")
        public boolean isEnableByDefault() {
            return true;
        }

        @Override
        public Collection<Operation> getOperations() {
            return List.of();
        }

        @Override
        public String getRootPath() {
            return "leave";
        }

        @Override
        public List<String> getAdditionalPaths(WebServerNamespace webServerNamespace) {
            return webServerNamespace.equals(WebServerNamespace.SERVER) ? List.of("readyz") : List.of();
        }
    }
}
