// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.acceptqueue.linux;

import java.lang.reflect.InvocationTargetException;
import java.util.List;
import java.util.concurrent.Callable;

/**
 * One way to reach the system calls, not opened yet.
 *
 * @param name the way in words
 * @param opener opens it, or throws where it is absent or denied
 */
record BackEnd(String name, Callable<SocketCalls> opener) {

    /** JNA unpacks its native part into a temporary file, which a read-only file system forbids. */
    private static final String NATIVE_PART_REMEDY = "; jna.tmpdir names a writable folder for its native part";

    /** All of them, the one to be tried first at the front. */
    static final List<BackEnd> ALL =
            List.of(new BackEnd("the foreign function API", ForeignSocketCalls::new), new BackEnd("JNA", BackEnd::jna));

    private static SocketCalls jna() throws ClassNotFoundException {
        try {
            Class.forName("com.sun.jna.Native", false, BackEnd.class.getClassLoader());
        } catch (ClassNotFoundException ex) {
            throw new ClassNotFoundException(
                    "not on the class path; add net.java.dev.jna:jna, which the starter brings by itself", ex);
        }
        try {
            return new JnaSocketCalls();
        } catch (LinkageError ex) {
            throw new IllegalStateException(describe(ex) + NATIVE_PART_REMEDY, ex);
        }
    }

    /** What went wrong, in one line, without the wrappers of reflection and class initialisation. */
    static String describe(Throwable failure) {
        Throwable cause = failure;
        while ((cause instanceof InvocationTargetException || cause instanceof ExceptionInInitializerError)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (cause instanceof IllegalCallerException) {
            return "native access is denied; --enable-native-access=ALL-UNNAMED allows it";
        }
        String message = cause.getMessage();
        return (message != null) ? message.lines().findFirst().orElse("") : cause.toString();
    }
}
