// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.proof.clients;

import io.github.springdrain.contract.ConcurrentClients;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.io.CloseMode;
import org.jspecify.annotations.Nullable;
import reactor.netty.http.HttpProtocol;
import reactor.netty.resources.ConnectionProvider;

/** A library of the JVM with its own pool and its own defaults, shared by a few threads as in an application. */
enum LibraryClient implements ForeignClient {

    /** The JDK's own over HTTP/1.1. */
    JDK_HTTP_1("java.net.http, HTTP/1.1") {

        @Override
        Session open(String url) {
            return jdk(url, HttpClient.Version.HTTP_1_1);
        }
    },

    /** The JDK's own over HTTP/2, to which it upgrades. */
    JDK_HTTP_2("java.net.http, h2c") {

        @Override
        public Optional<String> ownErrors() {
            return (Runtime.version().feature() < FIRST_JDK_THAT_HEEDS_GOAWAY)
                    ? Optional.of("before JDK 24 java.net.http fails every stream at a GOAWAY (JDK-8335181)")
                    : Optional.empty();
        }

        /**
         * A request whose connection was refused while it was to be upgraded is sent again as a stream of another
         * connection, and still has the headers of the upgrade: it is malformed (RFC 9113 section 8.2.2).
         */
        @Override
        boolean isOwn(IOException failure) {
            return "Received RST_STREAM: Protocol error".equals(failure.getMessage());
        }

        @Override
        Session open(String url) {
            return jdk(url, HttpClient.Version.HTTP_2);
        }
    },

    /** Apache HttpClient 5, classic. */
    APACHE("Apache HttpClient 5") {

        @Override
        Session open(String url) {
            CloseableHttpClient client = HttpClients.createDefault();
            return new Session(
                    () -> client.execute(new HttpGet(url), (response) -> {
                        EntityUtils.consume(response.getEntity());
                        return response.getCode();
                    }),
                    () -> client.close(CloseMode.GRACEFUL));
        }
    },

    /** OkHttp. */
    OKHTTP("OkHttp") {

        @Override
        Session open(String url) {
            OkHttpClient client = new OkHttpClient();
            Request request = new Request.Builder().url(url).build();
            return new Session(
                    () -> {
                        try (Response response = client.newCall(request).execute()) {
                            response.body().bytes();
                            return response.code();
                        }
                    },
                    () -> {
                        client.connectionPool().evictAll();
                        client.dispatcher().executorService().shutdown();
                    });
        }
    },

    /** Netty's HTTP/2 codec with Reactor Netty's pool, with prior knowledge of HTTP/2. */
    NETTY_HTTP_2("Reactor Netty, h2c") {

        /** A request is given up unsent if two connections in turn, chosen from the pool, have received GOAWAY. */
        @Override
        boolean isOwn(IOException failure) {
            return String.valueOf(failure.getMessage()).endsWith("Max active streams is reached.");
        }

        @Override
        Session open(String url) {
            ConnectionProvider pool = ConnectionProvider.create("proof");
            var client = reactor.netty.http.client.HttpClient.create(pool).protocol(HttpProtocol.H2C);
            return new Session(
                    () -> client.get()
                            .uri(url)
                            .responseSingle((response, body) -> body.asString()
                                    .defaultIfEmpty("")
                                    .thenReturn(response.status().code()))
                            .block(PATIENCE),
                    () -> pool.disposeLater().block(PATIENCE));
        }
    };

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private static final int THREADS = 8;

    private static final int OK = 200;

    private static final int FIRST_JDK_THAT_HEEDS_GOAWAY = 24;

    private final String label;

    LibraryClient(String label) {
        this.label = label;
    }

    /** A client that sends to one URL. */
    abstract Session open(String url);

    /** Whether a request failed by what the client itself did. */
    boolean isOwn(IOException failure) {
        return false;
    }

    @Override
    public String label() {
        return this.label;
    }

    @Override
    public Run start(String url) {
        Session session = open(url);
        ConcurrentClients<Result> threads =
                ConcurrentClients.start("client", THREADS, () -> sendUntilRefused(session.request()));
        return () -> {
            try {
                return threads.results(LIMIT).stream().reduce(Result.NONE, Result::plus);
            } finally {
                session.close().run();
            }
        };
    }

    private Result sendUntilRefused(Callable<Integer> request) {
        Result result = Result.NONE;
        while (true) {
            try {
                int status = request.call();
                result = result.plus((status == OK) ? Result.of(1, 0, "") : Result.of(0, 1, "status " + status));
            } catch (Exception ex) {
                if (isRefused(ex)) {
                    return result;
                }
                result = result.plus(failed(causes(ex)));
            }
        }
    }

    private Result failed(List<Throwable> causes) {
        boolean own = causes.stream().anyMatch((cause) -> cause instanceof IOException failure && isOwn(failure));
        return own ? new Result(0, 0, 1, "") : Result.of(0, 1, causes.toString());
    }

    private static boolean isRefused(Exception failure) {
        return causes(failure).stream().anyMatch((cause) -> cause instanceof ConnectException);
    }

    private static List<Throwable> causes(Throwable failure) {
        List<Throwable> causes = new ArrayList<>();
        for (@Nullable Throwable cause = failure; cause != null && !causes.contains(cause); cause = cause.getCause()) {
            causes.add(cause);
        }
        return causes;
    }

    private static Session jdk(String url, HttpClient.Version version) {
        HttpClient client = HttpClient.newBuilder().version(version).build();
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(url)).timeout(PATIENCE).build();
        return new Session(
                () -> client.send(request, HttpResponse.BodyHandlers.ofByteArray())
                        .statusCode(),
                () -> {});
    }

    /**
     * An open client.
     *
     * @param request sends a request, and returns the status of its response
     * @param close closes it
     */
    record Session(Callable<Integer> request, Runnable close) {}
}
