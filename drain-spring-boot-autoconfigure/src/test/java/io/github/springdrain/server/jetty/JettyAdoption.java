// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.jetty;

import io.github.springdrain.server.DrainableServer;
import io.github.springdrain.server.acceptqueue.Sharing;
import io.github.springdrain.server.acceptqueue.linux.ListenerGate;
import io.github.springdrain.server.linger.LingeringCloser;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Constructor;
import java.util.Objects;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.ClassWriter;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import org.eclipse.jetty.server.Server;

/** Ways in which a drainable server takes on a Jetty. */
final class JettyAdoption {

    private static final String OWN_PACKAGE = JettyDrainableServer.class.getPackageName();

    private static final String HIDDEN = "org.eclipse.jetty.server.internal.HttpConnection";

    private JettyAdoption() {}

    static DrainableServer plain(Server jetty, LingeringCloser closer) {
        JettyDrainableServer server = new JettyDrainableServer(ListenerGate.Mode.AUTO, Sharing.NONE, closer);
        server.adopt(jetty);
        return server;
    }

    /** By an adapter from whose sight Jetty's internal class of HTTP/1.1 connections has gone. */
    static DrainableServer withoutInternals(Server jetty, LingeringCloser closer) {
        return adopt(new Blinkers(HIDDEN, ""), jetty, closer);
    }

    /** By an adapter from whose sight one private member of Jetty's has gone. */
    static DrainableServer withoutMember(String member, Server jetty, LingeringCloser closer) {
        return adopt(new Blinkers("", member), jetty, closer);
    }

    private static DrainableServer adopt(Blinkers blinkers, Server jetty, LingeringCloser closer) {
        try {
            Class<?> type = blinkers.loadClass(JettyDrainableServer.class.getName());
            Constructor<?> constructor =
                    type.getConstructor(ListenerGate.Mode.class, Sharing.class, LingeringCloser.class);
            Object server = constructor.newInstance(ListenerGate.Mode.AUTO, Sharing.NONE, closer);
            type.getMethod("adopt", Server.class).invoke(server, jetty);
            return (DrainableServer) server;
        } catch (ReflectiveOperationException ex) {
            throw new IllegalStateException(ex);
        }
    }

    /** Defines the adapter's classes once more, in a world without one class or one private member of Jetty's. */
    private static final class Blinkers extends ClassLoader {

        private final String hiddenClass;

        private final String hiddenMember;

        private Blinkers(String hiddenClass, String hiddenMember) {
            super(JettyAdoption.class.getClassLoader());
            this.hiddenClass = hiddenClass;
            this.hiddenMember = hiddenMember;
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (name.equals(this.hiddenClass)) {
                throw new ClassNotFoundException(name);
            }
            if (!name.startsWith(OWN_PACKAGE + ".")) {
                return super.loadClass(name, resolve);
            }
            synchronized (getClassLoadingLock(name)) {
                Class<?> loaded = findLoadedClass(name);
                return (loaded != null) ? loaded : define(name);
            }
        }

        private Class<?> define(String name) throws ClassNotFoundException {
            String file = name.replace('.', '/') + ".class";
            try (InputStream stream = Objects.requireNonNull(getParent().getResourceAsStream(file), file)) {
                boolean changed = !this.hiddenMember.isEmpty() && name.equals(OWN_PACKAGE + ".Internals");
                byte[] bytes = changed ? withoutMember(stream.readAllBytes()) : stream.readAllBytes();
                return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException ex) {
                throw new ClassNotFoundException(name, ex);
            }
        }

        /** Has the initializer look for a name that nothing has. */
        private byte[] withoutMember(byte[] internals) {
            ClassReader reader = new ClassReader(internals);
            ClassWriter writer = new ClassWriter(reader, 0);
            reader.accept(
                    new ClassVisitor(Opcodes.ASM9, writer) {

                        @Override
                        public MethodVisitor visitMethod(
                                int access, String name, String descriptor, String signature, String[] exceptions) {
                            return new MethodVisitor(
                                    Opcodes.ASM9, super.visitMethod(access, name, descriptor, signature, exceptions)) {

                                @Override
                                public void visitLdcInsn(Object value) {
                                    boolean hidden = Blinkers.this.hiddenMember.equals(value);
                                    super.visitLdcInsn(hidden ? value + "Gone" : value);
                                }
                            };
                        }
                    },
                    0);
            return writer.toByteArray();
        }
    }
}
