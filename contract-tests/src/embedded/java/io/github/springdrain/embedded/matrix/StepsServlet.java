// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.embedded.matrix;

import io.github.springdrain.contract.Moment;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/** Does the steps that the query names one after the other: {@code /do?read,status=404,write=5}. */
final class StepsServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;

    private static final String DISPATCHED = StepsServlet.class.getName();

    private final transient ServerLog log;

    StepsServlet(ServerLog log) {
        this.log = log;
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
            throws ServletException, IOException {
        this.log.begin();
        try {
            Deque<String> steps = remaining(request);
            if (run(steps, request, response)) {
                return;
            }
        } finally {
            this.log.end();
        }
    }

    @SuppressWarnings("unchecked")
    private static Deque<String> remaining(HttpServletRequest request) {
        Object left = request.getAttribute(DISPATCHED);
        if (left instanceof Deque<?>) {
            return (Deque<String>) left;
        }
        String query = request.getQueryString();
        return new ArrayDeque<>((query == null) ? List.of() : List.of(query.split(",")));
    }

    /** Returns whether the rest is done elsewhere. */
    private boolean run(Deque<String> steps, HttpServletRequest request, HttpServletResponse response)
            throws ServletException, IOException {
        while (!steps.isEmpty()) {
            String[] step = steps.remove().split("=");
            if (isAsync(step, steps, request, response)) {
                return true;
            }
            run(step[0], (step.length > 1) ? step[1] : "", request, response);
        }
        return false;
    }

    private boolean isAsync(
            String[] step, Deque<String> steps, HttpServletRequest request, HttpServletResponse response) {
        switch (step[0]) {
            case "async" -> {
                AsyncContext context = start(request, response);
                var unused = CompletableFuture.runAsync(() -> runAsync(context, steps, request, response));
            }
            case "dispatch" -> {
                AsyncContext context = start(request, response);
                request.setAttribute(DISPATCHED, steps);
                context.dispatch("/do");
            }
            case "timeout" -> start(request, response).setTimeout(Integer.parseInt(step[1]));
            case "listen" -> new ListeningReader(start(request, response), this.log).begin();
            case "pour" -> new ListeningWriter(start(request, response), Integer.parseInt(step[1])).begin();
            default -> {
                return false;
            }
        }
        return true;
    }

    private AsyncContext start(HttpServletRequest request, HttpServletResponse response) {
        AsyncContext context = request.startAsync(request, response);
        context.setTimeout(10_000);
        this.log.begin();
        context.addListener(new Listening());
        return context;
    }

    private void runAsync(
            AsyncContext context, Deque<String> steps, HttpServletRequest request, HttpServletResponse response) {
        try {
            run(steps, request, response);
            context.complete();
        } catch (IOException | ServletException ex) {
            this.log.add("asynchronous step failed");
            context.complete();
        }
    }

    private void run(String name, String value, HttpServletRequest request, HttpServletResponse response)
            throws ServletException, IOException {
        switch (name) {
            case "read" -> read(request, value);
            case "trailers" -> this.log.add("trailers " + request.getTrailerFields());
            case "wait" -> Moment.await(System.nanoTime(), Duration.ofMillis(Integer.parseInt(value)));
            case "status" -> response.setStatus(Integer.parseInt(value));
            case "error" -> response.sendError(Integer.parseInt(value));
            case "redirect" -> response.sendRedirect("/elsewhere");
            case "length" -> response.setContentLength(Integer.parseInt(value));
            case "type" -> response.setContentType(value.replace('-', '/'));
            case "close" -> response.setHeader("Connection", "close");
            case "header" -> response.setHeader("X-Long", "x".repeat(Integer.parseInt(value)));
            case "trailer" -> response.setTrailerFields(() -> Map.of("x-trailer", "value"));
            case "write" -> response.getOutputStream().write(text(Integer.parseInt(value)));
            case "flush" -> response.flushBuffer();
            case "shut" -> response.getOutputStream().close();
            case "reset" -> response.reset();
            case "sendfile" -> sendFile(request, response);
            case "throw" -> throw new ServletException("expected");
            default -> throw new IllegalArgumentException(name);
        }
    }

    private void read(HttpServletRequest request, String value) throws IOException {
        int limit = value.isEmpty() ? Integer.MAX_VALUE : Integer.parseInt(value);
        try {
            byte[] body = request.getInputStream().readNBytes(limit);
            CRC32 crc = new CRC32();
            crc.update(body);
            this.log.add("read %d bytes, %08x".formatted(body.length, crc.getValue()));
        } catch (IOException ex) {
            this.log.add("read failed");
            throw ex;
        }
    }

    /** As Tomcat documents it for applications; elsewhere the bytes are copied. */
    private void sendFile(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String file = MatrixApplication.FILES.resolve("file.bin").toString();
        response.setContentLength(MatrixApplication.FILE_BYTES);
        if (Boolean.TRUE.equals(request.getAttribute("org.apache.tomcat.sendfile.support"))) {
            request.setAttribute("org.apache.tomcat.sendfile.filename", file);
            request.setAttribute("org.apache.tomcat.sendfile.start", 0L);
            request.setAttribute("org.apache.tomcat.sendfile.end", (long) MatrixApplication.FILE_BYTES);
        } else {
            response.getOutputStream().write(new byte[MatrixApplication.FILE_BYTES]);
        }
    }

    private static byte[] text(int length) {
        return "0123456789".repeat(length / 10 + 1).substring(0, length).getBytes(StandardCharsets.US_ASCII);
    }

    /** Notes how an asynchronous request ends. */
    private final class Listening implements AsyncListener {

        @Override
        public void onComplete(AsyncEvent event) {
            StepsServlet.this.log.add("asynchronous request complete");
            StepsServlet.this.log.end();
        }

        @Override
        public void onTimeout(AsyncEvent event) {
            StepsServlet.this.log.add("asynchronous request timed out");
        }

        @Override
        public void onError(AsyncEvent event) {
            StepsServlet.this.log.add("asynchronous request failed");
        }

        @Override
        public void onStartAsync(@Nullable AsyncEvent event) {
            // Nothing to note.
        }
    }
}
