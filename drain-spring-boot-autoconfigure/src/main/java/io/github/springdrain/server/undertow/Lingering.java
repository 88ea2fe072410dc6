package io.github.springdrain.server.undertow;

import io.github.springdrain.server.linger.LingerAccount;
import io.github.springdrain.server.linger.LingerLimits;
import io.github.springdrain.server.linger.LingerPolicy;
import io.github.springdrain.server.linger.LingeringCloser;
import io.undertow.server.ExchangeCompletionListener;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.protocol.http.HttpServerConnection;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.xnio.IoUtils;

/**
 * Closes connections whose peers may still send, each on its own I/O thread: XNIO does not let go of a socket. Limits
 * and counts are those of the {@link LingeringCloser}. Thread-safe.
 */
final class Lingering {

    private final LingerPolicy policy;

    private final Set<HttpServerConnection> connections = ConcurrentHashMap.newKeySet();

    Lingering(LingerPolicy policy) {
        this.policy = policy;
    }

    boolean isEnabled() {
        return this.policy.closer().isEnabled();
    }

    /** What may be read of a body before its connection is ended. */
    LingerLimits.UnreadBody unreadBody() {
        return this.policy.closer().unreadBody();
    }

    /** Whether the connection has been sent its end and is only read from any more. */
    boolean contains(HttpServerConnection connection) {
        return this.connections.contains(connection);
    }

    /** Ends the connection of a completed request, unless it is going to be used further; then goes on. */
    void end(HttpServerExchange exchange, boolean awaited, ExchangeCompletionListener.NextListener next) {
        boolean ends = !exchange.isPersistent() && !exchange.isUpgrade();
        if (ends && exchange.getConnection() instanceof HttpServerConnection connection && connection.isOpen()) {
            connection.clearChannel();
            end(connection, awaited || connection.getExtraBytes() != null, next::proceed);
        } else {
            next.proceed();
        }
    }

    /**
     * Sends the end and reads on until the peer's, or a limit.
     *
     * @param awaited the peer was sending, so the drain waits for its end
     * @param then is run once the connection is closed
     */
    void end(HttpServerConnection connection, boolean awaited, Runnable then) {
        if (!IoThreads.execute(connection.getIoThread(), () -> begin(connection, awaited, then))) {
            IoUtils.safeClose(connection.getChannel());
            then.run();
        }
    }

    private void begin(HttpServerConnection connection, boolean awaited, Runnable then) {
        LingeringCloser closer = this.policy.closer();
        LingeringExchange lingering = new LingeringExchange(connection, () -> {
            this.connections.remove(connection);
            then.run();
        });
        LingerAccount account = connection.isOpen() ? closer.admit(awaited, lingering::abort) : null;
        if (account == null) {
            PipelinedRequests.send(connection, lingering::close, lingering::close);
            return;
        }
        this.connections.add(connection);
        lingering.start(account, closer);
    }
}
