// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.spring.web.servlet;

import io.github.springdrain.DrainableStream;
import io.github.springdrain.OpenStreams;
import io.github.springdrain.spring.StreamPolicy;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A response that an application thread writes into until the drain ends it. */
final class TerminableResponse extends HttpServletResponseWrapper {

    private final TerminableBody body = new TerminableBody();

    private @Nullable TerminableOutput output;

    TerminableResponse(HttpServletResponse response) {
        super(response);
    }

    @Override
    public ServletOutputStream getOutputStream() throws IOException {
        TerminableOutput current = this.output;
        if (current == null) {
            current = new TerminableOutput(this.body, super.getOutputStream());
            this.output = current;
        }
        return current;
    }

    @Override
    public void flushBuffer() throws IOException {
        if (this.body.beginFlush()) {
            boolean flushed = false;
            try {
                super.flushBuffer();
                flushed = true;
            } finally {
                this.body.endFlush(flushed);
            }
        }
    }

    private void commit() throws IOException {
        if (!isCommitted()) {
            super.flushBuffer();
        }
    }

    /** Registers it as a stream where its request has become asynchronous. */
    void register(HttpServletRequest request, OpenStreams streams, StreamPolicy policy) {
        if (request.isAsyncStarted()) {
            StreamListener.register(request, streams, new BodyStream(request, policy), this.body::gone);
        }
    }

    private void complete(HttpServletRequest request, byte[] lastWords) throws IOException {
        HttpServletResponse response = (HttpServletResponse) getResponse();
        if (lastWords.length > 0) {
            response.getOutputStream().write(lastWords);
            response.getOutputStream().flush();
        }
        request.getAsyncContext().complete();
    }

    /** What is written. */
    private final class BodyStream implements DrainableStream {

        private final HttpServletRequest request;

        private final StreamPolicy policy;

        BodyStream(HttpServletRequest request, StreamPolicy policy) {
            this.request = request;
            this.policy = policy;
        }

        @Override
        public void commit() throws IOException {
            if (!isCommitted()) {
                TerminableResponse.this.body.commit(TerminableResponse.this::commit);
            }
        }

        @Override
        public void end() throws IOException {
            if (ResponseHead.mayEnd(TerminableResponse.this, this.policy)) {
                byte[] lastWords = this.policy.lastWords(ResponseHead.type(TerminableResponse.this));
                TerminableResponse.this.body.end(() -> complete(this.request, lastWords));
            }
        }
    }
}
