// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.embedded.matrix;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.http.HttpServlet;
import jakarta.websocket.OnMessage;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerEndpoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.request.async.DeferredResult;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;
import org.springframework.web.servlet.mvc.method.annotation.StreamingResponseBody;
import org.springframework.web.socket.server.standard.ServerEndpointExporter;

/** An application whose requests say what it does, and that notes what it sees. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import({ContainerSetUp.class, MatrixApplication.Controllers.class})
class MatrixApplication {

    /** The size of {@code /file.bin}, which is large enough for every container to send it in a way of its own. */
    static final int FILE_BYTES = 300_000;

    /** The directory of static files, which is the same for all applications of this process. */
    static final Path FILES = createFiles();

    private static Path createFiles() {
        try {
            Path directory = Files.createTempDirectory("matrix");
            Path file = directory.resolve("file.bin");
            Files.write(file, new byte[FILE_BYTES]);
            Files.setLastModifiedTime(file, FileTime.fromMillis(1_700_000_000_000L));
            directory.toFile().deleteOnExit();
            file.toFile().deleteOnExit();
            return directory;
        } catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    @Bean
    static ServerLog serverLog() {
        return new ServerLog();
    }

    /** What Spring Boot measures of requests: how many of each kind. */
    @Bean
    static SmartInitializingSingleton requestMeters(ServerLog log, ObjectProvider<MeterRegistry> registries) {
        return () -> registries.ifUnique((registry) ->
                log.counters(() -> registry.find("http.server.requests").timers().stream()
                        .collect(Collectors.toMap(
                                (timer) -> ServerLog.METER + timer.getId().getTags(), Timer::count))));
    }

    @Bean
    static ServletRegistrationBean<HttpServlet> steps(ServerLog log) {
        ServletRegistrationBean<HttpServlet> registration =
                new ServletRegistrationBean<>(new StepsServlet(log), "/do", "/do.css");
        registration.setName("steps");
        registration.setAsyncSupported(true);
        return registration;
    }

    @Bean
    static ServletRegistrationBean<HttpServlet> upgrade() {
        return new ServletRegistrationBean<>(new UpgradeServlet(), "/upgrade");
    }

    @Bean
    static ServerEndpointExporter serverEndpoints() {
        ServerEndpointExporter exporter = new ServerEndpointExporter();
        exporter.setAnnotatedEndpointClasses(EchoEndpoint.class);
        return exporter;
    }

    /** Sends messages back, and closes when it is asked to; public because the container creates it. */
    @ServerEndpoint("/socket")
    public static class EchoEndpoint {

        @OnMessage
        public void onMessage(String message, Session session) throws IOException {
            if (message.equals("close")) {
                session.close();
            } else {
                session.getBasicRemote().sendText(message);
            }
        }
    }

    /** Every way in which Spring MVC writes a response. */
    @RestController
    static class Controllers {

        @GetMapping("/text")
        String text() {
            return "hello";
        }

        @PostMapping("/body")
        String body(@RequestBody String body) {
            return "length " + body.length();
        }

        @PostMapping("/form")
        String form(@RequestParam String name) {
            return name;
        }

        @GetMapping("/callable")
        Callable<String> callable() {
            return () -> "hello";
        }

        @GetMapping("/deferred")
        DeferredResult<String> deferred() {
            DeferredResult<String> result = new DeferredResult<>();
            var unused = CompletableFuture.runAsync(() -> result.setResult("hello"));
            return result;
        }

        @GetMapping("/deferred-timeout")
        DeferredResult<String> timeout() {
            return new DeferredResult<>(100L);
        }

        @GetMapping("/deferred-failure")
        DeferredResult<String> failure() {
            DeferredResult<String> result = new DeferredResult<>();
            result.setErrorResult(new IllegalStateException("expected"));
            return result;
        }

        @GetMapping("/emitter")
        SseEmitter emitter() throws IOException {
            SseEmitter emitter = new SseEmitter();
            emitter.send("one");
            emitter.send("two");
            emitter.complete();
            return emitter;
        }

        @GetMapping("/streaming")
        ResponseEntity<StreamingResponseBody> streaming() {
            return ResponseEntity.ok().contentType(MediaType.TEXT_PLAIN).body((out) -> out.write(new byte[100_000]));
        }

        @GetMapping("/peer")
        String peer(ServletRequest request) {
            return "%s %d %s %s"
                    .formatted(
                            request.getRemoteAddr(), request.getRemotePort(), request.getScheme(), request.isSecure());
        }

        @GetMapping("/failure")
        String failed() {
            throw new IllegalStateException("expected");
        }
    }
}
