package io.github.springdrain.undertow;

import io.github.springdrain.kernel.ListenerGate;
import io.github.springdrain.linger.LingerLimits;
import io.github.springdrain.linger.LingeringCloser;
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
import java.net.Socket;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * A real Undertow with one servlet, as Spring Boot deploys it, on an executor that nobody but the test shuts down: so
 * behave virtual threads.
 */
final class EmbeddedServlets implements AutoCloseable {

    final LingeringCloser closer = new LingeringCloser(LingerLimits.DEFAULTS);

    final UndertowDrainableServer server = new UndertowDrainableServer(ListenerGate.Mode.AUTO, this.closer);

    final CountDownLatch held = new CountDownLatch(1);

    final CountDownLatch release = new CountDownLatch(1);

    final CountDownLatch interrupted = new CountDownLatch(1);

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
        this.undertow.start();
        this.server.started(this.undertow);
    }

    int port() {
        return ((InetSocketAddress) this.undertow.getListenerInfo().get(0).getAddress()).getPort();
    }

    Socket connect() throws IOException {
        return EmbeddedUndertow.connect(port());
    }

    @Override
    public void close() {
        this.release.countDown();
        this.undertow.stop();
        this.closer.close();
        this.executor.shutdownNow();
    }

    private final class TestServlet extends HttpServlet {

        private static final long serialVersionUID = 1L;

        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
            switch (request.getRequestURI()) {
                case "/hold" -> hold();
                case "/async" -> {
                    AsyncContext async = request.startAsync();
                    EmbeddedServlets.this.executor.execute(() -> complete(async));
                    return;
                }
                default -> {}
            }
            answer(response);
        }

        private void complete(AsyncContext async) {
            try {
                answer((HttpServletResponse) async.getResponse());
            } catch (IOException ex) {
                // The client sees that nothing comes.
            }
            async.complete();
        }

        private void answer(HttpServletResponse response) throws IOException {
            response.setContentLength(2);
            response.getOutputStream().print("ok");
        }

        private void hold() throws IOException {
            EmbeddedServlets.this.held.countDown();
            try {
                if (!EmbeddedServlets.this.release.await(30, TimeUnit.SECONDS)) {
                    throw new IOException("The test never let go");
                }
            } catch (InterruptedException ex) {
                EmbeddedServlets.this.interrupted.countDown();
                throw new IOException(ex);
            }
        }
    }
}
