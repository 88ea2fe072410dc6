// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.tomcat;

import org.apache.coyote.Adapter;
import org.apache.coyote.Request;
import org.apache.coyote.Response;
import org.apache.tomcat.util.net.SocketEvent;

/** Calls the processor back before the application's work, and between its end and Tomcat's own end of the request. */
final class UnreadBodyAdapter implements Adapter {

    private final Adapter delegate;

    private final DrainHttp11Processor processor;

    UnreadBodyAdapter(Adapter delegate, DrainHttp11Processor processor) {
        this.delegate = delegate;
        this.processor = processor;
    }

    @Override
    public void service(Request request, Response response) throws Exception {
        this.processor.beforeService();
        this.delegate.service(request, response);
        this.processor.afterService();
    }

    @Override
    public boolean asyncDispatch(Request request, Response response, SocketEvent event) throws Exception {
        boolean success = this.delegate.asyncDispatch(request, response, event);
        if (success) {
            this.processor.afterService();
        }
        return success;
    }

    @Override
    public boolean prepare(Request request, Response response) throws Exception {
        return this.delegate.prepare(request, response);
    }

    @Override
    public void log(Request request, Response response, long time) {
        this.delegate.log(request, response, time);
    }

    @Override
    public void checkRecycled(Request request, Response response) {
        this.delegate.checkRecycled(request, response);
    }

    @Override
    public String getDomain() {
        return this.delegate.getDomain();
    }
}
