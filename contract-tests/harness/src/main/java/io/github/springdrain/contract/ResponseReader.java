// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.contract;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Reads one HTTP/1.1 response (RFC 9112) and keeps what has arrived when it breaks off: delimited by length, by chunks
 * or by the end of the connection. Interim responses are skipped. Used once, by one thread.
 */
final class ResponseReader {

    private static final int KEPT_BODY_BYTES = 64 * 1024;

    private static final long UNTIL_END = -1;

    private final SocketInput input;

    private final byte[] buffer = new byte[16 * 1024];

    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();

    private final Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

    private int status;

    private long bodyLength;

    private boolean started;

    private boolean endedByClose;

    ResponseReader(SocketInput input) {
        this.input = input;
    }

    RawResponse read() {
        try {
            do {
                this.headers.clear();
                readHead();
            } while (this.status < 200 && this.status != 101);
            readBody();
            return response((this.status == 503) ? Outcome.UNAVAILABLE_503 : Outcome.COMPLETE, "");
        } catch (EndOfResponse ex) {
            return response(this.started ? Outcome.TRUNCATED : Outcome.NO_RESPONSE, "end of stream");
        } catch (IOException ex) {
            Outcome outcome = Failures.outcome(ex);
            boolean truncated = outcome == Outcome.NO_RESPONSE && this.started;
            return response(truncated ? Outcome.TRUNCATED : outcome, ex.toString());
        }
    }

    private void readHead() throws IOException {
        String statusLine = readLine();
        if (!statusLine.startsWith("HTTP/1.")) {
            throw new ProtocolException("Not an HTTP/1.1 response: '" + statusLine + "'");
        }
        this.status = Integer.parseInt(statusLine.substring(9, 12));
        for (String line = readLine(); !line.isEmpty(); line = readLine()) {
            int colon = line.indexOf(':');
            this.headers
                    .computeIfAbsent(line.substring(0, colon), (name) -> new ArrayList<>())
                    .add(line.substring(colon + 1).trim());
        }
    }

    private void readBody() throws IOException {
        if (this.status == 101 || this.status == 204 || this.status == 304) {
            return;
        }
        if (header("Transfer-Encoding").equalsIgnoreCase("chunked")) {
            readChunks();
        } else if (!header("Content-Length").isEmpty()) {
            readBytes(Long.parseLong(header("Content-Length")));
        } else {
            readBytes(UNTIL_END);
            this.endedByClose = true;
        }
    }

    private void readChunks() throws IOException {
        while (true) {
            String size = readLine();
            int extension = size.indexOf(';');
            long length = Long.parseLong((extension < 0) ? size : size.substring(0, extension), 16);
            if (length == 0) {
                readTrailers();
                return;
            }
            readBytes(length);
            readLine();
        }
    }

    private void readTrailers() throws IOException {
        while (!readLine().isEmpty()) {
            // A trailer says nothing about how the exchange ended.
        }
    }

    private void readBytes(long length) throws IOException {
        long left = (length == UNTIL_END) ? Long.MAX_VALUE : length;
        while (left > 0) {
            int count = this.input.read(this.buffer, (int) Math.min(left, this.buffer.length));
            if (count < 0) {
                if (length == UNTIL_END) {
                    return;
                }
                throw new EndOfResponse();
            }
            left -= count;
            this.bodyLength += count;
            this.kept.write(this.buffer, 0, Math.min(count, KEPT_BODY_BYTES - this.kept.size()));
        }
    }

    private String readLine() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = readByte(); next != '\n'; next = readByte()) {
            line.append((char) next);
        }
        int end = line.length() - 1;
        return (end >= 0 && line.charAt(end) == '\r') ? line.substring(0, end) : line.toString();
    }

    private int readByte() throws IOException {
        int next = this.input.read();
        if (next < 0) {
            throw new EndOfResponse();
        }
        this.started = true;
        return next;
    }

    private String header(String name) {
        return String.join(",", this.headers.getOrDefault(name, List.of()));
    }

    private RawResponse response(Outcome outcome, String detail) {
        ConnectionEnd ending = switch (outcome) {
            case RESET -> ConnectionEnd.RESET;
            case NO_RESPONSE, TRUNCATED -> ConnectionEnd.EOF;
            default -> this.endedByClose ? ConnectionEnd.EOF : ConnectionEnd.OPEN;
        };
        String text = this.kept.toString(StandardCharsets.ISO_8859_1);
        return new RawResponse(outcome, this.status, this.headers, text, this.bodyLength, ending, detail);
    }

    /** The stream ended where a response was due or under way. */
    private static final class EndOfResponse extends IOException {

        private static final long serialVersionUID = 1L;
    }
}
