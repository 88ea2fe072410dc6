// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.contract;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** An embedded container and what has to be said differently to each. */
public enum Container {

    /** Apache Tomcat. */
    TOMCAT("Tomcat") {

        @Override
        List<String> connectionLimit(int connections) {
            return List.of("--server.tomcat.max-connections=" + connections, "--server.tomcat.accept-count=1000");
        }

        @Override
        List<String> workerThreads(int threads) {
            return List.of("--server.tomcat.threads.max=" + threads);
        }
    },

    /** Eclipse Jetty. */
    JETTY("Jetty") {

        @Override
        List<String> connectionLimit(int connections) {
            return List.of("--server.jetty.max-connections=" + connections);
        }

        @Override
        List<String> workerThreads(int threads) {
            int acceptorAndSelectors = 1 + Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
            return List.of(
                    "--server.jetty.threads.min=1",
                    "--server.jetty.threads.max=" + (threads + acceptorAndSelectors),
                    "--server.jetty.threads.acceptors=1",
                    "--server.jetty.threads.selectors=" + (acceptorAndSelectors - 1));
        }

        /** Boot has no property for Jetty's backlog, which is the JDK's 50. */
        @Override
        int queueable() {
            return 45;
        }

        /** Boot gives the limit to a connector that it replaces when TLS is configured. */
        @Override
        boolean limitsTlsConnections() {
            return false;
        }

        /**
         * Jetty's own shutdown notifies requests in service, but half-closes connections whose responses have begun
         * before, and gives every connection an idle timeout of 1 s; its threads never wait for a body that nobody
         * reads.
         */
        @Override
        Set<Loss> losses() {
            return EnumSet.of(Loss.PIPELINED_REQUESTS, Loss.PAUSING_UPLOADS, Loss.HANDSHAKES);
        }

        /** A thread begins for each task that must not wait while no worker is free, drain or not; up to 60 were seen. */
        @Override
        public int mostThreadsBesideWorkers() {
            return 230;
        }
    },

    /**
     * Undertow. Spring Boot has no property for its limit, which has to be set together with the mark that lifts it.
     */
    UNDERTOW("Undertow") {

        @Override
        List<String> connectionLimit(int connections) {
            return List.of(
                    "--server.undertow.options.socket.CONNECTION_HIGH_WATER=" + connections,
                    "--server.undertow.options.socket.CONNECTION_LOW_WATER=" + connections);
        }

        @Override
        List<String> workerThreads(int threads) {
            return List.of("--server.undertow.threads.worker=" + threads);
        }

        /** The GOAWAY of the others names the streams that they do not serve. */
        @Override
        Set<Loss> losses() {
            Set<Loss> losses = super.losses();
            losses.add(Loss.HTTP2_STREAMS);
            return losses;
        }

        /**
         * Each response that cannot be written holds a worker, nothing limits the streams that a peer opens, and an I/O
         * thread reads on from one peer for as long as that one sends.
         */
        @Override
        public boolean isStarvedByFloods() {
            return true;
        }

        /** A stream that is written to when its connection has been closed under it (UT010019). */
        @Override
        public boolean logsAbortedRequests() {
            return true;
        }
    },

    /** Reactor Netty, as Spring WebFlux has it by default. */
    NETTY("Reactor Netty") {

        /** There is no limit; a single event loop accepts nothing while a request holds it. */
        @Override
        List<String> connectionLimit(int connections) {
            return List.of("--sample.event-loops=1");
        }

        @Override
        public boolean isHeldByARequest() {
            return true;
        }

        @Override
        List<String> workerThreads(int threads) {
            return List.of("--sample.blocking-threads=" + threads);
        }

        /**
         * A body that nobody reads holds no thread, and an upload is waited for. A client that keeps its connection
         * loses a request if it is being served at that moment, which those that pause are not always. Handshakes are
         * not waited for, but served while the process is there for others.
         */
        @Override
        Set<Loss> losses() {
            return EnumSet.of(Loss.UNNOTIFIED_REQUESTS, Loss.PIPELINED_REQUESTS, Loss.UNNOTIFIED_SESSIONS);
        }

        @Override
        public boolean readsUnwantedBodies() {
            return true;
        }

        @Override
        public boolean knowsItsCallers() {
            return false;
        }

        /** Others on the event loop of a peer that sends as fast as it can get a turn a second. */
        @Override
        public boolean servesByFewThreads() {
            return true;
        }

        /** Its event loops end two seconds after the last task otherwise. */
        @Override
        List<String> arguments() {
            return List.of("--spring.reactor.netty.shutdown-quiet-period=0s");
        }

        @Override
        List<String> jvmArguments() {
            return NettyTransport.selected().jvmArguments();
        }
    };

    private final String displayName;

    Container(String displayName) {
        this.displayName = displayName;
    }

    /** The name it goes by in logs and in the drain's status. */
    public String displayName() {
        return this.displayName;
    }

    /** Boot's properties that make it accept only so many connections and leave the others in the accept queue. */
    abstract List<String> connectionLimit(int connections);

    /** How many connections its accept queue is made to hold. */
    int queueable() {
        return 60;
    }

    /** Whether plain Spring Boot keeps to {@link #connectionLimit} with TLS too. */
    boolean limitsTlsConnections() {
        return true;
    }

    /** What it is sure to lose under plain Spring Boot. */
    Set<Loss> losses() {
        return EnumSet.of(Loss.UNNOTIFIED_REQUESTS, Loss.KEPT_CONNECTIONS, Loss.STALLED_THREADS, Loss.HANDSHAKES);
    }

    /** Whether one peer that sends frames as fast as it can takes the threads from the others, drain or not. */
    public boolean isStarvedByFloods() {
        return false;
    }

    /** How many threads the container, the JVM and the drain have beside the workers at most, whatever peers do. */
    public int mostThreadsBesideWorkers() {
        return 100;
    }

    /** Whether a request that the drain has to abort leaves warnings of the container and of Spring in the log. */
    public boolean logsAbortedRequests() {
        return false;
    }

    /**
     * Whether a connection waits in the accept queue while {@code GET /block} holds the thread that would accept it.
     */
    public boolean isHeldByARequest() {
        return false;
    }

    /**
     * Whether it reads a body that nobody wants for as long as it comes, where it has promised to keep the connection.
     */
    public boolean readsUnwantedBodies() {
        return false;
    }

    /** Whether a connection is served by a thread that it shares with others, drain or not. */
    public boolean servesByFewThreads() {
        return false;
    }

    /** Whether it can serve a listening socket that another process holds. */
    public boolean inheritsListeners() {
        return this == TOMCAT || this == JETTY;
    }

    /** Whether an actuator endpoint can find out which client calls it: in servlet applications only. */
    public boolean knowsItsCallers() {
        return true;
    }

    /** What every sample is started with, unless the test sets it. */
    List<String> arguments() {
        return List.of();
    }

    /** What the JVM of every sample is started with. */
    List<String> jvmArguments() {
        return List.of();
    }

    /** Spring joins a property that is given twice. */
    final List<String> argumentsBeside(List<String> others) {
        return arguments().stream()
                .filter((argument) -> {
                    String key = argument.substring(0, argument.indexOf('=') + 1);
                    return others.stream().noneMatch((other) -> other.startsWith(key));
                })
                .toList();
    }

    /** Boot's properties that limit the threads that serve requests. */
    abstract List<String> workerThreads(int threads);
}
