// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.contract;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP/2 connection of a client, with a thread of its own that reads what comes and keeps it for its callers.
 * Opens streams also after a GOAWAY: whether that is wise is up to the test. Thread-safe.
 */
public final class Http2Connection implements Closeable {

    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private static final int HEADER_TABLE_SIZE = 1;

    private static final int ENABLE_PUSH = 2;

    private static final int INITIAL_WINDOW_SIZE = 4;

    /** On top of the 65,535 bytes that a connection begins with: more than any test lets come. */
    private static final int CONNECTION_WINDOW = 1 << 30;

    private final Socket socket;

    private final DataInputStream input;

    private final OutputStream output;

    private final Http2Behavior behavior;

    private final Map<Integer, Http2Stream> streams = new ConcurrentSkipListMap<>();

    private final List<GoAway> goAways = new CopyOnWriteArrayList<>();

    private final AtomicLong pongs = new AtomicLong();

    private final Queue<Http2Frame> owed = new ConcurrentLinkedQueue<>();

    private final CompletableFuture<ConnectionEnd> ending = new CompletableFuture<>();

    private final ByteArrayOutputStream head = new ByteArrayOutputStream();

    private Http2Frame headFrame = Http2Frame.settings();

    private String authority = "";

    private String scheme = "http";

    private int nextId = 1;

    private volatile long endedAtNanos;

    Http2Connection(Socket socket, DataInputStream input, Http2Behavior behavior) throws IOException {
        this.socket = socket;
        this.input = input;
        this.output = socket.getOutputStream();
        this.behavior = behavior;
    }

    /** The payload of the SETTINGS that a client begins with. */
    static byte[] settings(Http2Behavior behavior) {
        return settingsFrame(behavior).content();
    }

    private static Http2Frame settingsFrame(Http2Behavior behavior) {
        return Http2Frame.settings(HEADER_TABLE_SIZE, 0, ENABLE_PUSH, 0, INITIAL_WINDOW_SIZE, behavior.window());
    }

    /** The request of the upgrade is stream 1. */
    synchronized void upgraded() {
        this.streams.put(1, new Http2Stream(this, 1));
        this.nextId = 3;
    }

    synchronized void begin(String newAuthority, boolean tls) throws IOException {
        this.authority = newAuthority;
        this.scheme = tls ? "https" : "http";
        ByteArrayOutputStream begin = new ByteArrayOutputStream();
        begin.writeBytes(PREFACE);
        begin.writeBytes(settingsFrame(this.behavior).encoded());
        begin.writeBytes(Http2Frame.number(Http2FrameType.WINDOW_UPDATE, 0, CONNECTION_WINDOW)
                .encoded());
        this.output.write(begin.toByteArray());
        if (this.behavior.reading()) {
            Thread reader = new Thread(this::read, "http2-client");
            reader.setDaemon(true);
            reader.start();
        }
    }

    /** Sends a {@code GET}; look at the stream for whether it could be sent. */
    public Http2Stream get(String path) {
        return open("GET", path, true);
    }

    /** Sends the head of a {@code POST} whose body follows. */
    public Http2Stream post(String path) {
        return open("POST", path, false);
    }

    private synchronized Http2Stream open(String method, String path, boolean last) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put(":method", method);
        fields.put(":scheme", this.scheme);
        fields.put(":authority", this.authority);
        fields.put(":path", path);
        Http2Stream stream = new Http2Stream(this, this.nextId);
        this.nextId += 2;
        this.streams.put(stream.id(), stream);
        int flags = Http2Frame.END_HEADERS | (last ? Http2Frame.END_STREAM : 0);
        try {
            write(new Http2Frame(Http2FrameType.HEADERS, flags, stream.id(), Hpack.encode(fields)));
        } catch (IOException ex) {
            stream.unsent();
        }
        if (this.ending.isDone()) {
            stream.connectionEnded();
        }
        return stream;
    }

    /**
     * Sends a frame of any kind.
     *
     * @throws IOException if the connection takes none any more
     */
    public synchronized void write(Http2Frame frame) throws IOException {
        this.output.write(frame.encoded());
    }

    /** Sends bytes as they are: a part of a frame, or none at all. */
    public synchronized void writeRaw(byte[] bytes) throws IOException {
        this.output.write(bytes);
    }

    /** Ends the client's half of the connection. */
    public void halfClose() throws IOException {
        this.socket.shutdownOutput();
    }

    /** The stream with this number, which was opened before. */
    public Http2Stream stream(int id) {
        Http2Stream stream = this.streams.get(id);
        if (stream == null) {
            throw new IllegalArgumentException(
                    "Stream " + id + " was not opened (opened: " + this.streams.keySet() + ")");
        }
        return stream;
    }

    /** Every stream so far, in the order of their numbers. */
    public List<Http2Stream> streams() {
        return List.copyOf(this.streams.values());
    }

    /** The number of the last stream that was opened. */
    public synchronized int lastId() {
        return this.nextId - 2;
    }

    /** Every GOAWAY so far. */
    public List<GoAway> goAways() {
        return List.copyOf(this.goAways);
    }

    /** How many PINGs of this client were acknowledged. */
    public long pongs() {
        return this.pongs.get();
    }

    /** Acknowledges the PINGs that have come to a client that acknowledges none by itself, and returns how many. */
    public int acknowledgePings() throws IOException {
        int responded = 0;
        for (Http2Frame ping = this.owed.poll(); ping != null; ping = this.owed.poll()) {
            write(ping.acknowledgement());
            responded++;
        }
        return responded;
    }

    /** Waits for the end of the connection; {@link ConnectionEnd#OPEN} when it has not come within {@code limit}. */
    public ConnectionEnd awaitEnd(Duration limit) {
        try {
            return this.ending.get(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException ex) {
            return ConnectionEnd.OPEN;
        } catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
            return ConnectionEnd.OPEN;
        } catch (ExecutionException ex) {
            throw new AssertionError("The client failed: " + ex.getCause(), ex.getCause());
        }
    }

    /** How the connection stands. */
    public ConnectionEnd ending() {
        return awaitEnd(Duration.ZERO);
    }

    /** When the connection ended, as {@link System#nanoTime()}. */
    public long endedAtNanos() {
        return this.endedAtNanos;
    }

    /** GOAWAYs, streams and the end in one line, for messages. */
    @Override
    public String toString() {
        return this.goAways + ", " + this.streams.size() + " streams to " + lastId() + ", " + ending();
    }

    @Override
    public void close() {
        try {
            this.socket.close();
        } catch (IOException ex) {
            // The server's end came first; the streams are judged by what was read.
        }
    }

    private void read() {
        try {
            while (true) {
                take(Http2Frame.read(this.input));
            }
        } catch (IOException ex) {
            this.endedAtNanos = System.nanoTime();
            this.ending.complete(Failures.isReset(ex) ? ConnectionEnd.RESET : ConnectionEnd.EOF);
        } catch (RuntimeException ex) {
            this.ending.completeExceptionally(ex);
        } finally {
            this.streams.values().forEach(Http2Stream::connectionEnded);
            // As a client does that has seen the end: what it had to say is said.
            close();
        }
    }

    private void take(Http2Frame frame) throws IOException {
        Http2Stream stream = this.streams.get(frame.streamId());
        switch (frame.type()) {
            case SETTINGS, PING -> response(frame);
            case GOAWAY ->
                this.goAways.add(new GoAway(
                        frame.number(0) & Integer.MAX_VALUE, frame.number(Integer.BYTES), System.nanoTime()));
            case HEADERS, CONTINUATION -> head(frame, stream);
            case DATA -> data(frame, stream);
            case RST_STREAM -> {
                if (stream != null) {
                    stream.reset(frame.number(0));
                }
            }
            case PRIORITY, PUSH_PROMISE, WINDOW_UPDATE, UNKNOWN -> {
                // Nothing that a test asks for.
            }
        }
    }

    private void response(Http2Frame frame) {
        if (frame.has(Http2Frame.ACK)) {
            if (frame.type() == Http2FrameType.PING) {
                this.pongs.incrementAndGet();
            }
        } else if (this.behavior.acknowledging()) {
            try {
                write(frame.acknowledgement());
            } catch (IOException ex) {
                // The server listens no more; what it has sent before is still to be read.
            }
        } else if (frame.type() == Http2FrameType.PING) {
            this.owed.add(frame);
        }
    }

    private void head(Http2Frame frame, @Nullable Http2Stream stream) {
        if (frame.type() == Http2FrameType.HEADERS) {
            this.head.reset();
            this.headFrame = frame;
        }
        this.head.writeBytes(frame.content());
        if (stream == null || !frame.has(Http2Frame.END_HEADERS)) {
            return;
        }
        if (stream.status() < 200) {
            stream.head(Hpack.status(this.head.toByteArray()));
        }
        if (this.headFrame.has(Http2Frame.END_STREAM)) {
            stream.complete();
        }
    }

    private static void data(Http2Frame frame, @Nullable Http2Stream stream) {
        if (stream == null) {
            return;
        }
        stream.data(frame.content().length);
        if (frame.has(Http2Frame.END_STREAM)) {
            stream.complete();
        }
    }
}
