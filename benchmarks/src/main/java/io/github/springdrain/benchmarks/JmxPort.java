// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.benchmarks;

import io.github.springdrain.contract.Ports;
import java.io.IOException;
import java.util.List;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/** Where a server that a benchmark starts can be asked for its MBeans, on the loopback interface. */
record JmxPort(int number) {

    static JmxPort free() {
        return new JmxPort(Ports.free());
    }

    /** What the JVM of the server is started with. */
    List<String> jvmArguments() {
        return List.of(
                "-Dcom.sun.management.jmxremote.port=" + this.number,
                "-Dcom.sun.management.jmxremote.rmi.port=" + this.number,
                "-Dcom.sun.management.jmxremote.host=127.0.0.1",
                "-Djava.rmi.server.hostname=127.0.0.1",
                "-Dcom.sun.management.jmxremote.authenticate=false",
                "-Dcom.sun.management.jmxremote.ssl=false");
    }

    @SuppressWarnings("BanJNDI") // The peer is a child of this process, on the loopback interface.
    JMXConnector connect() throws IOException {
        return JMXConnectorFactory.connect(
                new JMXServiceURL("service:jmx:rmi:///jndi/rmi://127.0.0.1:" + this.number + "/jmxrmi"));
    }
}
