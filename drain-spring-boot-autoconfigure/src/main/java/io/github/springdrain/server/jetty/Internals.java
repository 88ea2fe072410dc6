package io.github.springdrain.server.jetty;

import java.lang.reflect.Field;
import org.eclipse.jetty.io.SelectorManager;
import org.eclipse.jetty.server.ServerConnector;

/** temporary. */
final class Internals {

    private Internals() {}

    static boolean setSelectorManager(ServerConnector connector, SelectorManager manager) {
        try {
            Field field = ServerConnector.class.getDeclaredField("_manager");
            field.setAccessible(true);
            field.set(connector, manager);
            return true;
        } catch (ReflectiveOperationException | RuntimeException ex) {
            return false;
        }
    }
}
