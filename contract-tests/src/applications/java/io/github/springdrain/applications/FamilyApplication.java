// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.applications;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.stream.Stream;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;

/** Two web applications in one process: one the parent of the other, or each on its own. */
class FamilyApplication {

    static final String OTHER_PORT = "other.port";

    static final String SIBLINGS = "siblings";

    public static void main(String[] args) {
        ConfigurableApplicationContext first = new SpringApplicationBuilder(First.class).run(args);
        SpringApplicationBuilder second = new SpringApplicationBuilder(Second.class);
        if (!Boolean.getBoolean(SIBLINGS)) {
            second.parent(first);
        }
        second.run(Stream.of(args)
                .map((arg) ->
                        arg.startsWith("--server.port=") ? "--server.port=" + System.getProperty(OTHER_PORT) : arg)
                .toArray(String[]::new));
    }

    @SpringBootConfiguration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class First {

        @Bean
        ServletRegistrationBean<SlowServlet> firstServlet() {
            return new ServletRegistrationBean<>(new SlowServlet(), "/slow");
        }
    }

    /** A servlet, as Spring MVC sets itself up in the parent only. */
    @SpringBootConfiguration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Second {

        @Bean
        ServletRegistrationBean<SlowServlet> secondServlet() {
            return new ServletRegistrationBean<>(new SlowServlet(), "/slow");
        }
    }

    @SuppressWarnings("serial")
    static class SlowServlet extends HttpServlet {

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            System.out.println("slow begins");
            try {
                Thread.sleep(Long.parseLong(request.getParameter("ms")));
            } catch (InterruptedException ex) {
                Thread.currentThread().interrupt();
            }
            response.getWriter().print("At last");
        }
    }
}
