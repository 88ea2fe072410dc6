// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.contract;

import com.sun.jna.LastErrorException;
import com.sun.jna.Native;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.LockSupport;

/**
 * A line with a fixed delay between two TUN devices: what the kernel writes into one comes out of the other so much
 * later, in order. Stands in for netem, which many kernels lack. A process of its own that needs the right to open
 * {@code /dev/net/tun}; it ends, and its devices with it, when its input ends.
 */
public final class DelayLine {

    static final String READY = "@delay-line up";

    private static final int O_RDWR = 2;

    private static final long TUNSETIFF = 0x400454caL;

    private static final int IFREQ_BYTES = 40;

    private static final int IFREQ_FLAGS = 16;

    private static final int IFF_TUN_NO_PI = 0x1001;

    private static final int LARGEST_PACKET = 65_536;

    private static final int LONGEST_QUEUE = 20_000;

    private final int from;

    private final int to;

    private final Duration delay;

    private final BlockingQueue<Packet> queue = new LinkedBlockingQueue<>(LONGEST_QUEUE);

    private DelayLine(int from, int to, Duration delay) {
        this.from = from;
        this.to = to;
        this.delay = delay;
    }

    /** Takes the names of the two devices to make and the delay in milliseconds. */
    public static void main(String[] arguments) throws IOException {
        Native.register(DelayLine.class, "c");
        int left = openDevice(arguments[0]);
        int right = openDevice(arguments[1]);
        Duration delay = Duration.ofMillis(Long.parseLong(arguments[2]));
        new DelayLine(left, right, delay).start("right");
        new DelayLine(right, left, delay).start("left");
        System.out.println(READY);
        while (System.in.read() >= 0) {
            // Whoever started it holds the other end of its input.
        }
        System.exit(0);
    }

    private static int openDevice(String name) {
        int device = open("/dev/net/tun", O_RDWR);
        byte[] request = Arrays.copyOf(name.getBytes(StandardCharsets.US_ASCII), IFREQ_BYTES);
        request[IFREQ_FLAGS] = (byte) IFF_TUN_NO_PI;
        request[IFREQ_FLAGS + 1] = (byte) (IFF_TUN_NO_PI >> 8);
        ioctl(device, TUNSETIFF, request);
        return device;
    }

    private void start(String direction) {
        startDaemon("take-" + direction, this::take);
        startDaemon("give-" + direction, this::give);
    }

    private void take() {
        byte[] buffer = new byte[LARGEST_PACKET];
        while (true) {
            int length = (int) read(this.from, buffer, buffer.length);
            long due = System.nanoTime() + this.delay.toNanos();
            if (!this.queue.offer(new Packet(due, Arrays.copyOf(buffer, length)))) {
                System.out.println("@delay-line dropped a packet: more than " + LONGEST_QUEUE + " under way");
            }
        }
    }

    private void give() {
        try {
            while (true) {
                Packet packet = this.queue.take();
                for (long left = packet.left(); left > 0; left = packet.left()) {
                    LockSupport.parkNanos(left);
                }
                write(packet.bytes);
            }
        } catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
        }
    }

    private void write(byte[] packet) {
        try {
            write(this.to, packet, packet.length);
        } catch (LastErrorException ex) {
            // The device at the other end is not up yet, or not any more: a line without a listener.
        }
    }

    private static void startDaemon(String name, Runnable action) {
        Thread thread = new Thread(action, name);
        thread.setDaemon(true);
        thread.start();
    }

    private static native int open(String path, int flags) throws LastErrorException;

    private static native int ioctl(int device, long request, byte[] argument) throws LastErrorException;

    private static native long read(int device, byte[] buffer, long length) throws LastErrorException;

    private static native long write(int device, byte[] buffer, long length) throws LastErrorException;

    /** A packet and when it is due at the other end. */
    private static final class Packet {

        private final long due;

        private final byte[] bytes;

        Packet(long due, byte[] bytes) {
            this.due = due;
            this.bytes = bytes;
        }

        long left() {
            return this.due - System.nanoTime();
        }
    }
}
