package io.github.springdrain.server.jetty;

import io.github.springdrain.server.DrainableServer;
import io.github.springdrain.server.acceptqueue.linux.ListenerGate;
import io.github.springdrain.server.linger.LingeringCloser;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Constructor;
import java.util.Objects;
import org.eclipse.jetty.server.Server;

/** Ways in which a drainable server takes on a Jetty. */
final class JettyAdoption {

    private static final String OWN_PACKAGE = JettyDrainableServer.class.getPackageName();

    private static final String HIDDEN = "org.eclipse.jetty.server.internal.HttpConnection";

    private JettyAdoption() {}

    static DrainableServer plain(Server jetty, LingeringCloser closer) {
        JettyDrainableServer server = new JettyDrainableServer(ListenerGate.Mode.AUTO, closer);
        server.adopt(jetty);
        return server;
    }

    /** By an adapter from whose sight Jetty's internal class of HTTP/1.1 connections has gone. */
    static DrainableServer withoutInternals(Server jetty, LingeringCloser closer) {
        try {
            Class<?> type = new Blinkers().loadClass(JettyDrainableServer.class.getName());
            Constructor<?> constructor = type.getConstructor(ListenerGate.Mode.class, LingeringCloser.class);
            Object server = constructor.newInstance(ListenerGate.Mode.AUTO, closer);
            type.getMethod("adopt", Server.class).invoke(server, jetty);
            return (DrainableServer) server;
        } catch (ReflectiveOperationException ex) {
            throw new IllegalStateException(ex);
        }
    }

    /** Defines the adapter's classes once more, in a world without one class of Jetty's. */
    private static final class Blinkers extends ClassLoader {

        private Blinkers() {
            super(JettyAdoption.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (name.equals(HIDDEN)) {
                throw new ClassNotFoundException(name);
            }
            if (!name.startsWith(OWN_PACKAGE + ".")) {
                return super.loadClass(name, resolve);
            }
            Class<?> loaded = findLoadedClass(name);
            return (loaded != null) ? loaded : define(name);
        }

        private Class<?> define(String name) throws ClassNotFoundException {
            String file = name.replace('.', '/') + ".class";
            try (InputStream stream = Objects.requireNonNull(getParent().getResourceAsStream(file), file)) {
                byte[] bytes = stream.readAllBytes();
                return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException ex) {
                throw new ClassNotFoundException(name, ex);
            }
        }
    }
}
