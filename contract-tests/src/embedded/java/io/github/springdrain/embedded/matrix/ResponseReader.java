// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.embedded.matrix;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32;

/** Reads one response (RFC 9112) and writes it down, but for what differs from moment to moment. Used once. */
final class ResponseReader {

    private static final int SHOWN = 400;

    private final InputStream input;

    private final Transcript transcript;

    private final Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

    private final ByteArrayOutputStream body = new ByteArrayOutputStream();

    private String statusLine = "";

    private boolean followed;

    private boolean stuck;

    ResponseReader(InputStream input, Transcript transcript) {
        this.input = input;
        this.transcript = transcript;
    }

    /** Whether it arrived whole, and the connection goes on behind it. */
    boolean isFollowed() {
        return this.followed;
    }

    /** Whether the rest of it did not come within the client's patience. */
    boolean isStuck() {
        return this.stuck;
    }

    void read(boolean withBody) {
        String cut = "";
        try {
            readHead();
            if (withBody && hasBody()) {
                readBody();
            }
            this.followed = isPersistent() && (!withBody || !hasBody() || isDelimited());
        } catch (SocketTimeoutException ex) {
            this.stuck = true;
            cut = this.statusLine.isEmpty() ? "nothing" : " stuck";
        } catch (IOException ex) {
            cut = this.statusLine.isEmpty() ? "no response" : " cut";
        }
        if (this.body.size() > 0 && cut.isEmpty()) {
            this.transcript.note(describeBody());
        }
        String outcome = status() + cut + (isClose() ? " close" : "");
        if (status().isEmpty() || status().startsWith("1")) {
            this.transcript.outcome(outcome);
        } else {
            this.transcript.response(outcome);
        }
    }

    private void readHead() throws IOException {
        this.statusLine = readLine();
        this.transcript.note(this.statusLine);
        for (String line = readLine(); !line.isEmpty(); line = readLine()) {
            int colon = line.indexOf(':');
            String name = (colon < 0) ? line : line.substring(0, colon);
            String value = (colon < 0) ? "" : line.substring(colon + 1).trim();
            this.headers.merge(name, value, (one, two) -> one + ", " + two);
            this.transcript.note(name.equalsIgnoreCase("Date") ? "Date" : name + ": " + withoutPort(value));
        }
    }

    private void readBody() throws IOException {
        if (this.headers.getOrDefault("Transfer-Encoding", "").equalsIgnoreCase("chunked")) {
            readChunks();
        } else if (this.headers.containsKey("Content-Length")) {
            readBytes(Integer.parseInt(this.headers.get("Content-Length")));
        } else {
            this.body.writeBytes(this.input.readAllBytes());
        }
    }

    private void readChunks() throws IOException {
        for (int size = readSize(); size > 0; size = readSize()) {
            readBytes(size);
            readLine();
        }
        for (String line = readLine(); !line.isEmpty(); line = readLine()) {
            this.transcript.note("trailer " + line);
        }
    }

    private int readSize() throws IOException {
        return Integer.parseInt(readLine(), 16);
    }

    private void readBytes(int length) throws IOException {
        byte[] bytes = this.input.readNBytes(length);
        this.body.writeBytes(bytes);
        if (bytes.length < length) {
            throw new EOFException();
        }
    }

    private String readLine() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = this.input.read(); next != '\n'; next = this.input.read()) {
            if (next < 0) {
                throw new EOFException();
            }
            line.append((char) next);
        }
        return line.toString().stripTrailing();
    }

    private String describeBody() {
        byte[] bytes = withoutTime(this.body.toString(ISO_8859_1)).getBytes(ISO_8859_1);
        CRC32 crc = new CRC32();
        crc.update(bytes);
        String text = (bytes.length <= SHOWN) ? new String(bytes, ISO_8859_1) : "...";
        return "%d bytes, %08x: %s".formatted(bytes.length, crc.getValue(), text);
    }

    private String status() {
        return (this.statusLine.length() < 12) ? this.statusLine : this.statusLine.substring(9, 12);
    }

    private boolean hasBody() {
        return !status().startsWith("1") && !status().equals("204") && !status().equals("304");
    }

    private boolean isDelimited() {
        return this.headers.containsKey("Content-Length") || this.headers.containsKey("Transfer-Encoding");
    }

    private boolean isPersistent() {
        boolean kept = this.headers.getOrDefault("Connection", "").equalsIgnoreCase("keep-alive");
        return !isClose() && (kept || this.statusLine.startsWith("HTTP/1.1"));
    }

    private boolean isClose() {
        return this.headers
                .getOrDefault("Connection", "")
                .toLowerCase(Locale.ROOT)
                .contains("close");
    }

    private static String withoutPort(String value) {
        return value.replaceAll("localhost:\\d+", "localhost:port");
    }

    private static String withoutTime(String text) {
        return text.replaceAll("\"timestamp\":\"[^\"]*\"", "\"timestamp\"")
                .replaceAll("localhost:\\d+", "localhost:port");
    }
}
