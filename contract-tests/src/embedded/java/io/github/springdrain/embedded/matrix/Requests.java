// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.embedded.matrix;

/** Heads of requests. */
final class Requests {

    private Requests() {}

    static String get(String path, String... fields) {
        return head("GET " + path + " HTTP/1.1", fields);
    }

    static String get10(String path, String... fields) {
        return head("GET " + path + " HTTP/1.0", fields);
    }

    static String post(String path, int length, String... fields) {
        return head("POST " + path + " HTTP/1.1", fields)
                .replaceFirst("\r\n", "\r\nContent-Length: " + length + "\r\n");
    }

    static String post10(String path, int length, String... fields) {
        return post(path, length, fields).replaceFirst("HTTP/1.1", "HTTP/1.0");
    }

    static String chunked(String path, String... fields) {
        return head("POST " + path + " HTTP/1.1", fields).replaceFirst("\r\n", "\r\nTransfer-Encoding: chunked\r\n");
    }

    static String head(String line, String... fields) {
        StringBuilder head = new StringBuilder(line).append("\r\nHost: localhost\r\n");
        for (String field : fields) {
            head.append(field).append("\r\n");
        }
        return head.append("\r\n").toString();
    }
}
