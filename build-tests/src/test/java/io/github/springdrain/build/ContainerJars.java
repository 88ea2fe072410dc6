// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.build;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.springframework.asm.ClassReader;
import org.springframework.asm.ClassVisitor;
import org.springframework.asm.FieldVisitor;
import org.springframework.asm.Handle;
import org.springframework.asm.MethodVisitor;
import org.springframework.asm.Opcodes;

/** The library beside the jars of one version of a container, and of nothing else but logging. */
final class ContainerJars implements AutoCloseable {

    private static final String PACKAGES = "io/github/springdrain/server/";

    private static final Pattern CONTAINER =
            Pattern.compile("(org/apache/(catalina|coyote|tomcat)|org/eclipse/jetty|io/undertow|org/xnio|reactor/netty"
                    + "|io/netty)/.*");

    private final Jars loader;

    private final Map<String, Type> types = new HashMap<>();

    /**
     * Opens them.
     *
     * @param folder the folder of the jars
     * @param gone a member to be looked up by another name; empty for none
     */
    ContainerJars(Path folder, String gone) throws IOException {
        List<URL> urls = new ArrayList<>();
        try (Stream<Path> jars = Files.list(folder)) {
            for (Path jar : jars.toList()) {
                urls.add(jar.toUri().toURL());
            }
        }
        urls.add(library());
        this.loader = new Jars(urls.toArray(URL[]::new), gone);
    }

    private static URL library() {
        return io.github.springdrain.Drain.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation();
    }

    /** What the adapter logs as missing when it looks for its members. */
    List<String> missingByReflection(String adapter) throws IOException, ClassNotFoundException {
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        Logger logger = (Logger) LoggerFactory.getLogger((PACKAGES + adapter).replace('/', '.'));
        logger.addAppender(log);
        try {
            for (String name : classes(adapter)) {
                if (name.matches(".*/Internals(\\$.*)?")) {
                    Class.forName(name.replace('/', '.'), true, this.loader);
                }
            }
        } finally {
            logger.detachAppender(log);
        }
        return log.list.stream()
                .filter((event) -> event.getLevel().isGreaterOrEqual(Level.WARN))
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }

    /** What the adapter, or what the adapters share, calls or reads of the container that is not there. */
    Set<String> missingByCall(String adapter) throws IOException {
        Set<String> missing = new TreeSet<>();
        for (String name : classes(adapter)) {
            new ClassReader(bytes(name))
                    .accept(
                            new References((owner, member, descriptor) -> {
                                if (CONTAINER.matcher(owner).matches() && !isThere(owner, member + descriptor)) {
                                    missing.add(owner + "." + member + descriptor);
                                }
                            }),
                            ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
        }
        return missing;
    }

    private boolean isThere(String owner, String member) throws IOException {
        Deque<String> open = new ArrayDeque<>(List.of(owner));
        while (!open.isEmpty()) {
            Type type = type(open.remove());
            if (type != null) {
                if (type.members.contains(member)) {
                    return true;
                }
                open.addAll(type.parents);
            }
        }
        return false;
    }

    private @Nullable Type type(String name) throws IOException {
        if (!this.types.containsKey(name)) {
            byte[] bytes = bytes(name);
            Type type = (bytes != null) ? new Type() : null;
            if (type != null) {
                new ClassReader(bytes).accept(type, ClassReader.SKIP_CODE);
            }
            this.types.put(name, type);
        }
        return this.types.get(name);
    }

    private byte @Nullable [] bytes(String name) throws IOException {
        try (InputStream in = this.loader.getResourceAsStream(name + ".class")) {
            return (in != null) ? in.readAllBytes() : null;
        }
    }

    private static List<String> classes(String adapter) throws IOException {
        Path library = Path.of(URI.create(library().toString()));
        if (Files.isDirectory(library)) {
            return classes(library, adapter);
        }
        try (FileSystem jar = FileSystems.newFileSystem(library)) {
            return classes(jar.getPath("/"), adapter);
        }
    }

    private static List<String> classes(Path root, String adapter) throws IOException {
        try (Stream<Path> files = Files.list(root.resolve(PACKAGES + adapter))) {
            return files.map((file) -> root.relativize(file).toString())
                    .filter((file) -> file.endsWith(".class") && !file.endsWith("package-info.class"))
                    .map((file) -> file.substring(0, file.length() - ".class".length()))
                    .toList();
        }
    }

    @Override
    public void close() throws IOException {
        this.loader.close();
    }

    /** The jars and the library; the test's own class path lends its logging only. */
    private static final class Jars extends URLClassLoader {

        private final String gone;

        Jars(URL[] urls, String gone) {
            super(urls, ClassLoader.getPlatformClassLoader());
            this.gone = gone;
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            if (name.startsWith("org.slf4j.")) {
                return ContainerJars.class.getClassLoader().loadClass(name);
            }
            if (this.gone.isEmpty() || !name.matches(".*\\.Internals(\\$.*)?")) {
                return super.findClass(name);
            }
            try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
                if (in == null) {
                    throw new ClassNotFoundException(name);
                }
                byte[] bytes = withoutMember(in.readAllBytes());
                return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException ex) {
                throw new ClassNotFoundException(name, ex);
            }
        }

        /** Has the class look for a name of the same length that nothing has. */
        private byte[] withoutMember(byte[] bytes) {
            String text = new String(bytes, StandardCharsets.ISO_8859_1);
            String constant = "\1\0" + (char) this.gone.length() + this.gone;
            String other = constant.substring(0, constant.length() - 1) + "?";
            return text.replace(constant, other).getBytes(StandardCharsets.ISO_8859_1);
        }
    }

    /** The members and the parents of a type. */
    private static final class Type extends ClassVisitor {

        private final Set<String> members = new HashSet<>();

        private final List<String> parents = new ArrayList<>();

        Type() {
            super(Opcodes.ASM9);
        }

        @Override
        public void visit(
                int version,
                int access,
                String name,
                @Nullable String signature,
                @Nullable String superName,
                String @Nullable [] interfaces) {
            if (superName != null) {
                this.parents.add(superName);
            }
            if (interfaces != null) {
                this.parents.addAll(List.of(interfaces));
            }
        }

        @Override
        public @Nullable FieldVisitor visitField(
                int access, String name, String descriptor, @Nullable String signature, @Nullable Object value) {
            this.members.add(name + descriptor);
            return null;
        }

        @Override
        public @Nullable MethodVisitor visitMethod(
                int access,
                String name,
                String descriptor,
                @Nullable String signature,
                String @Nullable [] exceptions) {
            this.members.add(name + descriptor);
            return null;
        }
    }

    /** Finds the members that a class refers to. */
    private static final class References extends ClassVisitor {

        private final Found found;

        References(Found found) {
            super(Opcodes.ASM9);
            this.found = found;
        }

        @Override
        public MethodVisitor visitMethod(
                int access,
                String name,
                String descriptor,
                @Nullable String signature,
                String @Nullable [] exceptions) {
            return new MethodVisitor(Opcodes.ASM9) {

                @Override
                public void visitMethodInsn(int opcode, String owner, String member, String type, boolean isInterface) {
                    found(owner, member, type);
                }

                @Override
                public void visitFieldInsn(int opcode, String owner, String member, String type) {
                    found(owner, member, type);
                }

                @Override
                public void visitInvokeDynamicInsn(String member, String type, Handle bootstrap, Object... arguments) {
                    for (Object argument : arguments) {
                        if (argument instanceof Handle handle) {
                            found(handle.getOwner(), handle.getName(), handle.getDesc());
                        }
                    }
                }
            };
        }

        private void found(String owner, String member, String descriptor) {
            try {
                this.found.member(owner, member, descriptor);
            } catch (IOException ex) {
                throw new IllegalStateException(ex);
            }
        }
    }

    /** Takes one member that is referred to. */
    private interface Found {

        void member(String owner, String member, String descriptor) throws IOException;
    }
}
