// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.spring.web.servlet;

import io.github.springdrain.engine.RequestArrivals;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import org.springframework.core.Ordered;

/** Counts the requests that come in during an announcement. One read for each of them otherwise. */
public final class ArrivalsFilter implements Filter, Ordered {

    private final RequestArrivals arrivals;

    /** Creates a filter that counts in {@code arrivals}. */
    public ArrivalsFilter(RequestArrivals arrivals) {
        this.arrivals = arrivals;
    }

    @Override
    public int getOrder() {
        return HIGHEST_PRECEDENCE;
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (this.arrivals.isCounting() && request instanceof HttpServletRequest http) {
            this.arrivals.add(http.getMethod(), http.getRequestURI());
        }
        chain.doFilter(request, response);
    }
}
