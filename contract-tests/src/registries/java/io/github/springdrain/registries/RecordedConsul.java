// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.registries;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What Consul's agent does about its own services: {@code PUT /v1/agent/service/register} and {@code
 * /v1/agent/service/deregister}, with the status of a real one. Whatever else is asked for gets an empty list.
 */
final class RecordedConsul implements AutoCloseable {

    private static final String SERVICE = "/v1/agent/service/";

    private static final Pattern ID = Pattern.compile("\"ID\"\\s*:\\s*\"([^\"]+)\"");

    private static final Pattern NAME = Pattern.compile("\"Name\"\\s*:\\s*\"([^\"]+)\"");

    private final HttpServer server;

    /** Names by identifiers. */
    private final Map<String, String> services = new ConcurrentHashMap<>();

    private final List<String> changes = new CopyOnWriteArrayList<>();

    RecordedConsul() throws IOException {
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        this.server.createContext("/", this::respond);
        this.server.start();
    }

    int port() {
        return this.server.getAddress().getPort();
    }

    boolean isRegistered(String name) {
        return this.services.containsValue(name);
    }

    /** The registrations and deregistrations that were called for, in order. */
    List<String> changes() {
        return this.changes;
    }

    private void respond(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        if (!exchange.getRequestMethod().equals("PUT") || !path.startsWith(SERVICE)) {
            send(exchange, 200, "[]");
        } else if (path.equals(SERVICE + "register")) {
            this.services.put(find(ID, body), find(NAME, body));
            this.changes.add("register");
            send(exchange, 200, "");
        } else {
            this.changes.add("deregister");
            String id = path.substring(path.lastIndexOf('/') + 1);
            boolean known = this.services.remove(id) != null;
            send(exchange, known ? 200 : 404, known ? "" : "Unknown service ID \"" + id + "\"");
        }
    }

    private static String find(Pattern pattern, String body) {
        Matcher matcher = pattern.matcher(body);
        if (!matcher.find()) {
            throw new IllegalStateException("No " + pattern + " in " + body);
        }
        return matcher.group(1);
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, (bytes.length == 0) ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        this.server.stop(0);
    }
}
