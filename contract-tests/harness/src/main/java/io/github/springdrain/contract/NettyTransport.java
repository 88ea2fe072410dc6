// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.contract;

import java.util.List;
import java.util.Locale;

/** How Reactor Netty speaks to the kernel. */
enum NettyTransport {

    /** The library for epoll that Reactor Netty brings along and prefers. */
    NATIVE,

    /** The JDK's channels, as on systems for which there is no such library. */
    NIO;

    static final String PROPERTY = "contract.netty-transport";

    /**
     * The one that system property {@value #PROPERTY} names, or the native one.
     *
     * @throws IllegalArgumentException if it names another
     */
    static NettyTransport selected() {
        return valueOf(System.getProperty(PROPERTY, NATIVE.name()).toUpperCase(Locale.ROOT));
    }

    List<String> jvmArguments() {
        return List.of("-Dio.netty.transport.noNative=" + (this == NIO));
    }
}
