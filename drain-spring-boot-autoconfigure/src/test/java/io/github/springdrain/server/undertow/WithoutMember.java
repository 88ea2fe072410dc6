// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.undertow;

import java.io.IOException;
import java.io.InputStream;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.ClassWriter;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;

/** Loads the adapter anew, over an Undertow that seems to lack one of the private members that it reads. */
final class WithoutMember extends ClassLoader {

    private static final String ADAPTER = UndertowDrainableServer.class.getPackageName() + ".";

    private final String member;

    private final int occurrence;

    /**
     * Hides a member.
     *
     * @param occurrence which one, counted from 1, where several classes have members of that name
     */
    WithoutMember(String member, int occurrence) {
        super(WithoutMember.class.getClassLoader());
        this.member = member;
        this.occurrence = occurrence;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        synchronized (getClassLoadingLock(name)) {
            Class<?> known = findLoadedClass(name);
            if (known != null) {
                return known;
            }
            return name.startsWith(ADAPTER) ? define(name) : super.loadClass(name, resolve);
        }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
        try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
            if (in == null) {
                throw new ClassNotFoundException(name);
            }
            byte[] bytes = in.readAllBytes();
            byte[] changed = name.equals(ADAPTER + "Internals") ? withoutMember(bytes) : bytes;
            return defineClass(name, changed, 0, changed.length);
        } catch (IOException ex) {
            throw new ClassNotFoundException(name, ex);
        }
    }

    private byte[] withoutMember(byte[] access) {
        ClassReader reader = new ClassReader(access);
        ClassWriter writer = new ClassWriter(reader, 0);
        Rename rename = new Rename(writer);
        reader.accept(rename, 0);
        if (rename.seen < this.occurrence) {
            throw new IllegalArgumentException("Internals does not look up " + this.member);
        }
        return writer.toByteArray();
    }

    /** Has the initializer look for a name that nothing has. */
    private final class Rename extends ClassVisitor {

        private int seen;

        Rename(ClassVisitor next) {
            super(Opcodes.ASM9, next);
        }

        @Override
        public MethodVisitor visitMethod(
                int access, String name, String descriptor, String signature, String[] exceptions) {
            MethodVisitor next = super.visitMethod(access, name, descriptor, signature, exceptions);
            if (!name.equals("<clinit>")) {
                return next;
            }
            return new MethodVisitor(Opcodes.ASM9, next) {

                @Override
                public void visitLdcInsn(Object value) {
                    boolean hidden = WithoutMember.this.member.equals(value)
                            && ++Rename.this.seen == WithoutMember.this.occurrence;
                    super.visitLdcInsn(hidden ? value + "Gone" : value);
                }
            };
        }
    }
}
