// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.embedded.matrix;

import java.util.function.Predicate;

/**
 * One exchange with a server.
 *
 * @param name says what is special about it; unique on its listener
 * @param script what the client does
 * @param listeners those it is for
 * @param times how often it is done, as some defects show only now and then
 */
record Case(String name, Script script, Predicate<Listener> listeners, int times) {

    static Case of(String name, Script script) {
        return new Case(name, script, (listener) -> !listener.isProxied(), 1);
    }

    /** One response to what is sent, on a connection that is then used again if it can be. */
    static Case once(String name, String request) {
        return of(name, (exchange) -> exchange.send(request).response().finish());
    }

    /** Two responses to what is sent. */
    static Case twice(String name, String requests) {
        return of(
                name,
                (exchange) -> exchange.send(requests).response().response().finish());
    }

    Case on(Predicate<Listener> newListeners) {
        return new Case(this.name, this.script, newListeners, this.times);
    }

    Case repeated(int newTimes) {
        return new Case(this.name, this.script, this.listeners, newTimes);
    }

    /** What a client does. */
    @FunctionalInterface
    interface Script {

        void run(Exchange exchange) throws Exception;
    }
}
