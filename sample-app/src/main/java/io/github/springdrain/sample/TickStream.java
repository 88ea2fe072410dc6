package io.github.springdrain.sample;

import static java.nio.charset.StandardCharsets.US_ASCII;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import java.io.IOException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** One client's endless stream of {@code tick} events; each event is one write. */
final class TickStream implements AsyncListener {

    private static final byte[] TICK = "event: tick\ndata: tick\n\n".getBytes(US_ASCII);

    private final AsyncContext request;

    private final AtomicBoolean ended = new AtomicBoolean();

    private volatile boolean broken;

    private TickStream(AsyncContext request) {
        this.request = request;
    }

    static void start(AsyncContext request, ScheduledExecutorService timer, long periodMs) {
        var stream = new TickStream(request);
        request.setTimeout(0);
        request.addListener(stream);
        // It ends by what tick throws: a handle would be there only after the first ticks.
        Future<?> unused = timer.scheduleAtFixedRate(stream::tick, 0, periodMs, TimeUnit.MILLISECONDS);
    }

    private void tick() {
        if (this.ended.get()) {
            throw new CancellationException("The stream has ended");
        }
        if (this.broken) {
            // Tomcat ends the request of a client that has gone, through onError; Jetty would keep it for ever.
            end();
        } else {
            write();
        }
    }

    private void write() {
        try {
            var out = this.request.getResponse().getOutputStream();
            out.write(TICK);
            out.flush();
        } catch (IOException ex) {
            this.broken = true;
        }
    }

    private void end() {
        if (this.ended.compareAndSet(false, true)) {
            this.request.complete();
        }
    }

    @Override
    public void onStartAsync(AsyncEvent event) {
        // Nothing is dispatched again.
    }

    @Override
    public void onTimeout(AsyncEvent event) {
        end();
    }

    /** Ends the request, or the container would send it on to the error page, which cannot write into a stream. */
    @Override
    public void onError(AsyncEvent event) {
        end();
    }

    @Override
    public void onComplete(AsyncEvent event) {
        this.ended.set(true);
    }
}
