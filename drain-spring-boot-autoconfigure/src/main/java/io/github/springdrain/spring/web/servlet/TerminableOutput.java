// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.spring.web.servlet;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.IOException;

/** The output stream of an {@link TerminableResponse}. */
final class TerminableOutput extends ServletOutputStream {

    private final TerminableBody body;

    private final ServletOutputStream delegate;

    TerminableOutput(TerminableBody body, ServletOutputStream delegate) {
        this.body = body;
        this.delegate = delegate;
    }

    @Override
    public boolean isReady() {
        return this.delegate.isReady();
    }

    @Override
    public void setWriteListener(WriteListener listener) {
        this.delegate.setWriteListener(listener);
    }

    @Override
    public void write(int value) throws IOException {
        this.body.beginWrite();
        try {
            this.delegate.write(value);
        } finally {
            this.body.endWrite();
        }
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        this.body.beginWrite();
        try {
            this.delegate.write(bytes, offset, length);
        } finally {
            this.body.endWrite();
        }
    }

    @Override
    public void flush() throws IOException {
        if (this.body.beginFlush()) {
            boolean flushed = false;
            try {
                this.delegate.flush();
                flushed = true;
            } finally {
                this.body.endFlush(flushed);
            }
        }
    }

    @Override
    public void close() throws IOException {
        if (this.body.beginFlush()) {
            boolean closed = false;
            try {
                this.delegate.close();
                closed = true;
            } finally {
                this.body.endFlush(closed);
            }
        }
    }
}
