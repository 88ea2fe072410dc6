// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.contract;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.ProtocolException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.Locale;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Classifies the exceptions of a socket. */
final class Failures {

    private Failures() {}

    /** What an exchange came to that failed by {@code failure} before its first byte of a response. */
    static Outcome outcome(IOException failure) {
        if (failure instanceof ConnectException) {
            return connectOutcome(failure);
        }
        if (find(failure, SocketTimeoutException.class) != null) {
            return Outcome.TIMEOUT;
        }
        if (isReset(failure)) {
            return Outcome.RESET;
        }
        if (find(failure, EOFException.class) != null) {
            return Outcome.NO_RESPONSE;
        }
        // A server whose threads write and close at the same time mixes up its records.
        if (failure instanceof SSLException || failure instanceof ProtocolException) {
            return Outcome.GARBLED;
        }
        throw new UncheckedIOException("Neither the server's doing nor a timeout: " + failure.getMessage(), failure);
    }

    /** Whether the peer's RST is behind it; a broken pipe is one that had arrived before the write. */
    static boolean isReset(IOException failure) {
        SocketException cause = find(failure, SocketException.class);
        if (cause == null) {
            return false;
        }
        String message = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
        return message.contains("reset") || message.contains("broken pipe") || message.contains("aborted");
    }

    private static Outcome connectOutcome(IOException failure) {
        String message = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
        if (message.contains("refused")) {
            return Outcome.REFUSED;
        }
        if (message.contains("timed out")) {
            return Outcome.TIMEOUT;
        }
        throw new UncheckedIOException("The client cannot connect: " + failure.getMessage(), failure);
    }

    private static <T extends Throwable> @Nullable T find(Throwable failure, Class<T> type) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return type.cast(cause);
            }
        }
        return null;
    }
}
