// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.tomcat;

/** The same on a connector that the application has created. */
class TakenOverHttp2Test extends TomcatHttp2Test {

    @Override
    String protocol() {
        return EmbeddedTomcat.NIO;
    }
}
