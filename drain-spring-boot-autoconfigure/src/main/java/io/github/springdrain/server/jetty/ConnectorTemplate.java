package io.github.springdrain.server.jetty;

import java.security.KeyStore;
import java.security.KeyStoreException;
import java.util.EventListener;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/** A connector that Boot or the user has configured and that has not been started, as the model of another one. */
final class ConnectorTemplate {

    private static final String BOOT_PACKAGE = "org.springframework.boot.";

    /**
     * How many connections wait to be accepted where nobody has said: with the 50 of the JDK, a burst of clients makes
     * the kernel drop handshakes or send SYN cookies, which no gate can keep. The kernel takes no more than
     * {@code net.core.somaxconn}, which is this by default.
     */
    static final int ACCEPT_QUEUE_SIZE = 4096;

    private final ServerConnector original;

    ConnectorTemplate(ServerConnector original) {
        this.original = original;
    }

    /** Whether another connector can take this one's place without losing a behaviour of the user's. */
    static boolean isReplaceable(ServerConnector connector) {
        return connector.getClass() == ServerConnector.class || isOfBoot(connector);
    }

    private static boolean isOfBoot(ServerConnector connector) {
        return connector.getClass().getName().startsWith(BOOT_PACKAGE);
    }

    Server server() {
        return this.original.getServer();
    }

    /** The connector's own executor; {@code null} where it is the server's. */
    @Nullable Executor executor() {
        return (this.original.getExecutor() != server().getThreadPool()) ? this.original.getExecutor() : null;
    }

    @Nullable Scheduler scheduler() {
        return (this.original.getScheduler() != server().getScheduler()) ? this.original.getScheduler() : null;
    }

    @Nullable ByteBufferPool bufferPool() {
        return (this.original.getByteBufferPool() != server().getByteBufferPool())
                ? this.original.getByteBufferPool()
                : null;
    }

    int acceptors() {
        return this.original.getAcceptors();
    }

    int selectors() {
        return this.original.getSelectorManager().getSelectorCount();
    }

    /** One factory may speak several protocols and is listed once for each. */
    List<ConnectionFactory> factories() {
        return List.copyOf(new LinkedHashSet<>(this.original.getConnectionFactories()));
    }

    /** What Boot's own connector checks right after its start. */
    Runnable startCheck() {
        SslConnectionFactory ssl = this.original.getConnectionFactory(SslConnectionFactory.class);
        return (ssl != null && isOfBoot(this.original)) ? () -> checkAlias(ssl.getSslContextFactory()) : () -> {};
    }

    private static void checkAlias(SslContextFactory.Server factory) {
        String alias = factory.getCertAlias();
        KeyStore keyStore = factory.getKeyStore();
        if (alias == null || alias.isEmpty() || keyStore == null) {
            return;
        }
        try {
            if (!keyStore.containsAlias(alias)) {
                throw new IllegalStateException("Keystore does not contain alias '%s'".formatted(alias));
            }
        } catch (KeyStoreException ex) {
            throw new IllegalStateException("Could not determine if keystore contains alias '%s'".formatted(alias), ex);
        }
    }

    /** Gives the other connector everything that its constructor does not take. */
    void configure(ServerConnector other) {
        ServerConnector from = this.original;
        other.setDefaultProtocol(from.getDefaultProtocol());
        other.setHost(from.getHost());
        other.setPort(from.getPort());
        other.setName(from.getName());
        other.setIdleTimeout(from.getIdleTimeout());
        other.setShutdownIdleTimeout(from.getShutdownIdleTimeout());
        other.setAcceptorPriorityDelta(from.getAcceptorPriorityDelta());
        other.setAcceptQueueSize(acceptQueueSize());
        other.setReuseAddress(from.getReuseAddress());
        other.setReusePort(from.isReusePort());
        other.setInheritChannel(from.isInheritChannel());
        other.setAcceptedTcpNoDelay(from.getAcceptedTcpNoDelay());
        other.setAcceptedReceiveBufferSize(from.getAcceptedReceiveBufferSize());
        other.setAcceptedSendBufferSize(from.getAcceptedSendBufferSize());
        copyBeans(other);
    }

    private int acceptQueueSize() {
        int chosen = this.original.getAcceptQueueSize();
        return (chosen > 0) ? chosen : ACCEPT_QUEUE_SIZE;
    }

    /** What somebody has hung on the connector: meters, listeners, components with its life cycle. */
    private void copyBeans(ServerConnector other) {
        Set<Object> own = new HashSet<>(other.getBeans());
        own.add(this.original.getSelectorManager());
        for (Object bean : this.original.getBeans()) {
            if (!own.contains(bean)) {
                other.addBean(bean, this.original.isManaged(bean));
            }
        }
        for (EventListener listener : this.original.getEventListeners()) {
            if (!other.getEventListeners().contains(listener)) {
                other.addEventListener(listener);
            }
        }
    }
}
