// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.embedded.matrix;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Writes a response as fast as its client reads it, without blocking a thread. */
final class ListeningWriter implements WriteListener {

    private static final int PIECE = 10_000;

    private final AsyncContext context;

    private int left;

    ListeningWriter(AsyncContext context, int length) {
        this.context = context;
        this.left = length;
    }

    void begin() {
        try {
            output().setWriteListener(this);
        } catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    private ServletOutputStream output() throws IOException {
        return this.context.getResponse().getOutputStream();
    }

    @Override
    public void onWritePossible() throws IOException {
        ServletOutputStream output = output();
        while (output.isReady()) {
            if (this.left <= 0) {
                this.context.complete();
                return;
            }
            output.write(new byte[PIECE]);
            this.left -= PIECE;
        }
    }

    @Override
    public void onError(Throwable failure) {
        this.context.complete();
    }
}
