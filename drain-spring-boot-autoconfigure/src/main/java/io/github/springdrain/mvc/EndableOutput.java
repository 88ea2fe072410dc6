package io.github.springdrain.mvc;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.IOException;

/** The output stream of an {@link EndableResponse}. */
final class EndableOutput extends ServletOutputStream {

    private final EndableBody body;

    private final ServletOutputStream delegate;

    EndableOutput(EndableBody body, ServletOutputStream delegate) {
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
        this.body.write(() -> this.delegate.write(value));
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        this.body.write(() -> this.delegate.write(bytes, offset, length));
    }

    @Override
    public void flush() throws IOException {
        this.body.flush(this.delegate::flush);
    }

    @Override
    public void close() throws IOException {
        this.body.flush(this.delegate::close);
    }
}
