// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.undertow;

import io.github.springdrain.server.acceptqueue.Sharing;
import io.github.springdrain.server.acceptqueue.linux.ListenerGate;
import io.github.springdrain.testing.HoldingServer;
import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import io.undertow.servlet.Servlets;
import io.undertow.servlet.api.DeploymentInfo;
import io.undertow.servlet.api.DeploymentManager;
import io.undertow.servlet.util.ImmediateInstanceFactory;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A real Undertow with one servlet, as Spring Boot deploys it, on an executor that nobody but the test shuts down: so
 * behave virtual threads.
 */
final class EmbeddedServlets extends HoldingServer {

    private final UndertowDrainableServer server =
            new UndertowDrainableServer(ListenerGate.Mode.AUTO, Sharing.NONE, closer());

    private final ExecutorService executor = Executors.newCachedThreadPool((task) -> new Thread(task, "serving"));

    private final Undertow undertow;

    EmbeddedServlets() throws ServletException {
        DeploymentInfo deployment = Servlets.deployment()
                .setClassLoader(EmbeddedServlets.class.getClassLoader())
                .setDeploymentName("test")
                .setContextPath("/")
                .setExecutor(this.executor)
                .addServlet(
                        Servlets.servlet("test", TestServlet.class, new ImmediateInstanceFactory<>(new TestServlet()))
                                .addMapping("/*")
                                .setAsyncSupported(true))
                .addInitialHandlerChainWrapper(this.server::inFrontOf)
                .addThreadSetupAction(new UndertowServletThreads());
        DeploymentManager manager = Servlets.newContainer().addDeployment(deployment);
        manager.deploy();
        this.undertow = Undertow.builder()
                .addHttpListener(0, InetAddress.getLoopbackAddress().getHostAddress())
                .setServerOption(UndertowOptions.ENABLE_HTTP2, true)
                .setServerOption(UndertowOptions.RECORD_REQUEST_START_TIME, true)
                .setServerOption(UndertowOptions.SHUTDOWN_TIMEOUT, 0)
                .setHandler(manager.start())
                .build();
        begin();
    }

    private void begin() {
        this.undertow.start();
        this.server.started(this.undertow);
    }

    @Override
    public UndertowDrainableServer server() {
        return this.server;
    }

    @Override
    public void restart() {
        this.undertow.stop();
        begin();
    }

    @Override
    public int port() {
        return ((InetSocketAddress) this.undertow.getListenerInfo().get(0).getAddress()).getPort();
    }

    @Override
    protected void stop() {
        this.undertow.stop();
        this.executor.shutdownNow();
    }

    private final class TestServlet extends HttpServlet {

        private static final long serialVersionUID = 1L;

        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
            if (request.getRequestURI().equals("/async")) {
                AsyncContext async = request.startAsync();
                EmbeddedServlets.this.executor.execute(() -> complete(async));
                return;
            }
            serve(request.getRequestURI());
            respond(response);
        }

        private void complete(AsyncContext async) {
            try {
                respond((HttpServletResponse) async.getResponse());
            } catch (IOException ex) {
                // The client sees that nothing comes.
            }
            async.complete();
        }

        private void respond(HttpServletResponse response) throws IOException {
            response.setContentLength(2);
            response.getOutputStream().print("ok");
        }
    }
}
