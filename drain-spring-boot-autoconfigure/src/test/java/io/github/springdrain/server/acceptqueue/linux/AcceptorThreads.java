// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.acceptqueue.linux;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Shows whether the thread that accepts a listener's connections waits for the next one, by the system call each thread
 * of this process is blocked in. For containers whose acceptor cannot be asked. Looks at Linux on x86_64 and aarch64;
 * reads {@code /proc/self} only, which takes 5 ms to 20 ms. Thread-safe.
 *
 * <p>It does not see an acceptor that waits in {@code poll}, as a {@code ServerSocket} with a timeout does, nor one on
 * a virtual thread, whose listener is watched by a selector within a selector; and it does not know whether a selector
 * thread gave what it took to another thread that still has it in hand.
 */
final class AcceptorThreads {

    private static final String WATCHED = "tfd:";

    private static final int EPOLLIN = 1;

    private final ProcSelf proc;

    private final WaitingCalls calls;

    private final Set<Integer> listeners;

    private AcceptorThreads(ProcSelf proc, WaitingCalls calls, Set<Integer> listeners) {
        this.proc = proc;
        this.calls = calls;
        this.listeners = listeners;
    }

    /** What the acceptor of a listener does. */
    enum State {

        /**
         * A thread is blocked in {@code accept} on the listener, or in {@code epoll_wait} on a selector that watches
         * it.
         */
        PARKED,

        /** No thread is. */
        BUSY,

        /** The kernel does not show it; waiting 50 ms is what is left to do. */
        UNKNOWN
    }

    /** What the acceptor of the listener at a local address does. Never throws. */
    static State state(InetSocketAddress listener) {
        return WaitingCalls.of(System.getProperty("os.arch"))
                .map((calls) -> state(listener, ProcSelf.SYSTEM, calls))
                .orElse(State.UNKNOWN);
    }

    /**
     * Whether the acceptor of the listener at a local address is known to wait for the next connection. Never throws.
     */
    static boolean isParked(InetSocketAddress listener) {
        return state(listener) == State.PARKED;
    }

    static State state(InetSocketAddress listener, ProcSelf proc, WaitingCalls calls) {
        try {
            Set<Integer> fds = ListenSockets.find(proc, listener).own().stream()
                    .map(ListenSockets.Descriptor::fd)
                    .collect(Collectors.toSet());
            return fds.isEmpty() ? State.UNKNOWN : new AcceptorThreads(proc, calls, fds).state();
        } catch (IOException | RuntimeException ex) {
            return State.UNKNOWN;
        }
    }

    private State state() throws IOException {
        State state = State.UNKNOWN;
        for (Path thread : threads()) {
            Optional<String> call = systemCall(thread);
            if (call.isPresent()) {
                if (isWaiting(call.get())) {
                    return State.PARKED;
                }
                state = State.BUSY;
            }
        }
        return state;
    }

    private List<Path> threads() throws IOException {
        try (Stream<Path> threads = Files.list(this.proc.directory.resolve("task"))) {
            return threads.toList();
        }
    }

    /** The one that a thread is blocked in, as the kernel prints it: number and arguments, or {@code running}. */
    private static Optional<String> systemCall(Path thread) {
        try {
            return Optional.of(Files.readString(thread.resolve("syscall")));
        } catch (IOException ex) {
            // The thread has ended, or is not shown.
            return Optional.empty();
        }
    }

    /** A blocked thread shows a decimal number and hexadecimal arguments; any other {@code running} or -1. */
    private boolean isWaiting(String call) {
        List<String> fields = ProcSelf.fields(call);
        if (fields.size() < 2) {
            return false;
        }
        int number = Integer.parseInt(fields.get(0));
        if (!this.calls.accept().contains(number) && !this.calls.poll().contains(number)) {
            return false;
        }
        int fd = (int) Long.parseUnsignedLong(fields.get(1).substring(2), 16);
        return this.calls.accept().contains(number) ? this.listeners.contains(fd) : isWatchedBy(fd);
    }

    /** One-shot watches, as virtual threads use, are listed without {@code EPOLLIN} once they have fired. */
    private boolean isWatchedBy(int epoll) {
        for (String line : descriptorInfo(epoll)) {
            List<String> fields = ProcSelf.fields(line);
            if (fields.size() > 3 && fields.get(0).equals(WATCHED)) {
                boolean armed = (Long.parseLong(fields.get(3), 16) & EPOLLIN) != 0;
                if (armed && this.listeners.contains(Integer.parseInt(fields.get(1)))) {
                    return true;
                }
            }
        }
        return false;
    }

    /** What a descriptor refers to; for an epoll instance, the descriptors that it watches. */
    private List<String> descriptorInfo(int fd) {
        try {
            return Files.readAllLines(this.proc.directory.resolve("fdinfo").resolve(Integer.toString(fd)));
        } catch (IOException ex) {
            return List.of();
        }
    }
}
