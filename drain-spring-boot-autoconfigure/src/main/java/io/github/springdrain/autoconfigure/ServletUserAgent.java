// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.autoconfigure;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;

/** The User-Agent of the request that the calling thread serves. Loaded in servlet applications only. */
final class ServletUserAgent implements Supplier<@Nullable String> {

    @Override
    public @Nullable String get() {
        return (RequestContextHolder.getRequestAttributes() instanceof ServletRequestAttributes attributes)
                ? attributes.getRequest().getHeader("User-Agent")
                : null;
    }
}
