// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.autoconfigure;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.springframework.asm.ClassReader;
import org.springframework.asm.ClassVisitor;
import org.springframework.asm.MethodVisitor;
import org.springframework.asm.Opcodes;
import org.springframework.asm.Type;

/** A class of the library, with those nested in it, and the constants that its code uses. */
final class ReflectiveClass {

    private static final Set<String> LOOKUPS = Set.of(
            "java/lang/Class.forName",
            "java/lang/Class.getField",
            "java/lang/Class.getDeclaredField",
            "java/lang/Class.getMethod",
            "java/lang/Class.getDeclaredMethod",
            "java/lang/Class.getConstructor",
            "java/lang/Class.getDeclaredConstructor",
            "java/lang/invoke/MethodHandles$Lookup.findVirtual",
            "java/lang/invoke/MethodHandles$Lookup.findStatic",
            "java/lang/invoke/MethodHandles$Lookup.findGetter",
            "java/lang/invoke/MethodHandles$Lookup.findSetter",
            "java/lang/invoke/MethodHandles$Lookup.findVarHandle",
            "org/springframework/util/ReflectionUtils.findField",
            "org/springframework/util/ReflectionUtils.findMethod",
            "org/springframework/beans/DirectFieldAccessor.getPropertyValue",
            "org/springframework/beans/DirectFieldAccessor.setPropertyValue");

    private final String name;

    private final Set<String> strings = new LinkedHashSet<>();

    private final Set<String> types = new LinkedHashSet<>();

    private final Set<String> lookedUp = new LinkedHashSet<>();

    private boolean reflective;

    private ReflectiveClass(String name) {
        this.name = name;
    }

    /** All that look up something by its name. */
    static List<ReflectiveClass> ofTheLibrary() throws IOException, URISyntaxException {
        Path classes = Path.of(DrainProperties.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        Map<String, ReflectiveClass> byOuterName = new TreeMap<>();
        try (Stream<Path> files = Files.walk(classes)) {
            files.filter((file) -> file.toString().endsWith(".class")).forEach((file) -> {
                String own = classes.relativize(file)
                        .toString()
                        .replaceAll("\\.class$", "")
                        .replace('/', '.');
                byOuterName
                        .computeIfAbsent(own.replaceAll("\\$.*", ""), ReflectiveClass::new)
                        .read(file);
            });
        }
        return byOuterName.values().stream().filter((type) -> type.reflective).toList();
    }

    /** The strings that may be the name of a member. */
    List<String> names() {
        return names(this.strings);
    }

    /** Those that a member is looked up by on the spot, of whatever type. */
    List<String> lookedUp() {
        return names(this.lookedUp);
    }

    private static List<String> names(Set<String> texts) {
        return texts.stream()
                .filter((text) -> text.matches("[A-Za-z_][A-Za-z0-9_$]*"))
                .toList();
    }

    /** The types of others that it names, in its code or as text, with those that they extend. */
    Set<Class<?>> types() {
        Set<Class<?>> found = new LinkedHashSet<>();
        Stream.concat(this.types.stream(), this.strings.stream()).forEach((type) -> add(type, found));
        return found;
    }

    private static void add(String name, Set<Class<?>> found) {
        if (!name.matches("[a-z]+\\.[A-Za-z0-9_.$]+") || name.startsWith("io.github.springdrain.")) {
            return;
        }
        try {
            Class<?> type = Class.forName(name, false, ReflectiveClass.class.getClassLoader());
            for (Class<?> each = type; each != null; each = each.getSuperclass()) {
                found.add(each);
            }
        } catch (ClassNotFoundException | LinkageError ex) {
            // Text like any other, or a type of another line.
        }
    }

    @Override
    public String toString() {
        return this.name;
    }

    private void read(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            new ClassReader(in).accept(new Constants(), ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
        } catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    private final class Constants extends ClassVisitor {

        Constants() {
            super(Opcodes.ASM9);
        }

        @Override
        public MethodVisitor visitMethod(
                int access, String method, String descriptor, String signature, String[] exceptions) {
            return new MethodVisitor(Opcodes.ASM9) {

                private String lastText = "";

                @Override
                public void visitLdcInsn(Object value) {
                    if (value instanceof String text) {
                        ReflectiveClass.this.strings.add(text);
                        this.lastText = text;
                    } else if (value instanceof Type type) {
                        ReflectiveClass.this.types.add(type.getClassName());
                    }
                }

                @Override
                public void visitMethodInsn(
                        int opcode, String owner, String called, String calledDescriptor, boolean isInterface) {
                    if (LOOKUPS.contains(owner + "." + called)) {
                        ReflectiveClass.this.reflective = true;
                        ReflectiveClass.this.lookedUp.add(this.lastText);
                    }
                    this.lastText = "";
                }
            };
        }
    }
}
