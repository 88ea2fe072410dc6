// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.tomcat;

/** The same on a connector that the application has created. */
class TakenOverExchangesTest extends TomcatExchangesTest {

    @Override
    String protocol() {
        return EmbeddedTomcat.NIO;
    }
}
