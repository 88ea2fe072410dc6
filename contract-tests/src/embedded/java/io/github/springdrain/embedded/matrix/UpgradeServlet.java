// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.embedded.matrix;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpUpgradeHandler;
import jakarta.servlet.http.WebConnection;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Switches to a protocol that sends everything back. */
final class UpgradeServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
            throws ServletException, IOException {
        response.setHeader("Upgrade", "echo");
        response.setHeader("Connection", "Upgrade");
        request.upgrade(Echo.class);
    }

    /** Sends everything back; public because the container creates it. */
    public static final class Echo implements HttpUpgradeHandler {

        @Override
        public void init(WebConnection connection) {
            try {
                connection.getInputStream().setReadListener(new EchoListener(connection));
            } catch (IOException ex) {
                throw new UncheckedIOException(ex);
            }
        }

        @Override
        public void destroy() {
            // Nothing is held.
        }
    }

    /** Reads and writes on one thread, as what it is sent is short. */
    private record EchoListener(WebConnection connection) implements ReadListener {

        @Override
        public void onDataAvailable() throws IOException {
            ServletInputStream input = this.connection.getInputStream();
            ServletOutputStream output = this.connection.getOutputStream();
            byte[] buffer = new byte[1024];
            while (input.isReady()) {
                int count = input.read(buffer);
                if (count < 0) {
                    return;
                }
                output.write(buffer, 0, count);
                output.flush();
            }
        }

        @Override
        public void onAllDataRead() throws IOException {
            close();
        }

        @Override
        public void onError(Throwable failure) {
            try {
                close();
            } catch (IOException ex) {
                throw new UncheckedIOException(ex);
            }
        }

        private void close() throws IOException {
            try {
                this.connection.close();
            } catch (Exception ex) {
                throw new IOException(ex);
            }
        }
    }
}
