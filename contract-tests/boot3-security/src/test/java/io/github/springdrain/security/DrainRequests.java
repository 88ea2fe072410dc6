// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.security;

import org.springframework.boot.actuate.autoconfigure.security.servlet.EndpointRequest;
import org.springframework.security.web.util.matcher.RequestMatcher;

/** The requests to the endpoint: Spring Boot has moved the class that knows them. */
final class DrainRequests {

    private DrainRequests() {}

    static RequestMatcher all() {
        return EndpointRequest.to("drain");
    }
}
