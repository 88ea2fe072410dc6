// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.embedded.matrix;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Reads a body as it arrives, without blocking a thread, and responds with its size. */
final class ListeningReader implements ReadListener {

    private final AsyncContext context;

    private final ServerLog log;

    private int count;

    ListeningReader(AsyncContext context, ServerLog log) {
        this.context = context;
        this.log = log;
    }

    void begin() {
        try {
            input().setReadListener(this);
        } catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    private ServletInputStream input() throws IOException {
        return this.context.getRequest().getInputStream();
    }

    @Override
    public void onDataAvailable() throws IOException {
        byte[] buffer = new byte[4096];
        ServletInputStream input = input();
        while (input.isReady()) {
            int read = input.read(buffer);
            if (read < 0) {
                return;
            }
            this.count += read;
        }
    }

    @Override
    public void onAllDataRead() throws IOException {
        this.context.getResponse().getOutputStream().print("listened to " + this.count);
        this.context.complete();
    }

    @Override
    public void onError(Throwable failure) {
        this.log.add("read listener failed");
        this.context.complete();
    }
}
