package io.github.springdrain.sample;

import static java.nio.charset.StandardCharsets.US_ASCII;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** One client's endless stream of {@code tick} events; each event is one write. */
final class TickStream implements AsyncListener {

    private static final byte[] TICK = "event: tick\ndata: tick\n\n".getBytes(US_ASCII);

    private final AsyncContext request;

    private final Future<?> ticks;

    private TickStream(AsyncContext request, ScheduledExecutorService timer, long periodMs) {
        this.request = request;
        this.ticks = timer.scheduleAtFixedRate(this::tick, 0, periodMs, TimeUnit.MILLISECONDS);
    }

    static void start(AsyncContext request, ScheduledExecutorService timer, long periodMs) {
        request.setTimeout(0);
        request.addListener(new TickStream(request, timer, periodMs));
    }

    private void tick() {
        try {
            var out = this.request.getResponse().getOutputStream();
            out.write(TICK);
            out.flush();
        } catch (IOException ex) {
            // Jetty does not end the request of a client that has gone, and would wait for it when it stops.
            this.request.complete();
            throw new UncheckedIOException("The client of /sse has gone", ex);
        }
    }

    @Override
    public void onStartAsync(AsyncEvent event) {
        // Nothing is dispatched again.
    }

    @Override
    public void onTimeout(AsyncEvent event) {
        this.ticks.cancel(false);
    }

    @Override
    public void onError(AsyncEvent event) {
        this.ticks.cancel(false);
    }

    @Override
    public void onComplete(AsyncEvent event) {
        this.ticks.cancel(false);
    }
}
