// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.security;

import static org.springframework.security.config.Customizer.withDefaults;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.core.annotation.Order;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.util.matcher.RequestHeaderRequestMatcher;

/** An application with the filter chain that docs/kubernetes.md asks users to add. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
class SecuredApplication {

    static final String TOKEN = "5f2c9d";

    @Bean
    @Order(1)
    SecurityFilterChain drainChain(HttpSecurity http) throws Exception {
        return http.securityMatcher(DrainRequests.all())
                .authorizeHttpRequests(
                        (requests) -> requests.requestMatchers(new RequestHeaderRequestMatcher("X-Drain-Token", TOKEN))
                                .permitAll()
                                .anyRequest()
                                .hasRole("OPERATOR"))
                .httpBasic(withDefaults())
                .csrf((csrf) -> csrf.disable())
                .build();
    }

    /** The application's own: everything else needs a login. */
    @Bean
    SecurityFilterChain applicationChain(HttpSecurity http) throws Exception {
        return http.authorizeHttpRequests((requests) -> requests.anyRequest().authenticated())
                .httpBasic(withDefaults())
                .build();
    }
}
