package io.github.springdrain.kernel;

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

    /** All of them, the one to be tried first at the front. */
    static final List<BackEnd> ALL = List.of(
            new BackEnd("the foreign function API", ForeignSocketCalls::new),
            new BackEnd("the JDK's option setter", JdkSocketCalls::new),
            new BackEnd("JNA", BackEnd::jna));

    private static SocketCalls jna() throws ClassNotFoundException {
        try {
            Class.forName("com.sun.jna.Native", false, BackEnd.class.getClassLoader());
        } catch (ClassNotFoundException ex) {
            throw new ClassNotFoundException("not on the class path", ex);
        }
        return new JnaSocketCalls();
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
