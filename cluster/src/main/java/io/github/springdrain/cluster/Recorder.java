// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.cluster;

import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Writes down what the API says of the sample's pods, their endpoints and events, and what their logs say of the drain.
 * Thread-safe.
 */
final class Recorder implements AutoCloseable {

    /** The lane of a pod's status. */
    static final String POD = "pod";

    /** The lane of a pod's endpoint. */
    static final String ENDPOINT = "endpoint";

    /** The lane of the drain's phases. */
    static final String DRAIN = "drain";

    private static final Pattern PHASE = Pattern.compile("Drain ([A-Z_]+): ");

    private static final int KEPT_LINES = 400;

    private final KubernetesClient client;

    private final String namespace;

    private final History history = new History();

    private final List<Watch> watches = new ArrayList<>();

    private final Map<String, List<String>> logs = new ConcurrentHashMap<>();

    private final Set<String> followed = ConcurrentHashMap.newKeySet();

    private final Map<String, Ending> endings = new ConcurrentHashMap<>();

    private final Map<String, Set<String>> endpoints = new HashMap<>();

    private final List<Happening> happenings = new ArrayList<>();

    private volatile boolean closed;

    private Recorder(KubernetesClient client, String namespace) {
        this.client = client;
        this.namespace = namespace;
    }

    /** Begins to write. */
    static Recorder start(KubernetesClient client, String namespace) {
        Recorder recorder = new Recorder(client, namespace);
        recorder.watches.add(
                client.pods().inNamespace(namespace).withLabels(Site.LABELS).watch(watcher(recorder::pod)));
        recorder.watches.add(client.discovery()
                .v1()
                .endpointSlices()
                .inNamespace(namespace)
                .withLabel("kubernetes.io/service-name", Site.NAME)
                .watch(watcher(recorder::slice)));
        recorder.watches.add(client.v1().events().inNamespace(namespace).watch(watcher(recorder::event)));
        return recorder;
    }

    /** The states of all lanes. */
    History history() {
        return this.history;
    }

    /** How the last container of a pod ended. */
    Optional<Ending> ending(String pod) {
        return Optional.ofNullable(this.endings.get(pod));
    }

    /** Whether the API said that a pod is no more. */
    boolean isGone(String pod) {
        return this.history.now(pod, POD).isEmpty();
    }

    /** The lines of a pod's log. */
    List<String> log(String pod) {
        return List.copyOf(this.logs.getOrDefault(pod, List.of()));
    }

    /** The pods that are deleted and whose containers still run. */
    List<String> deleted() {
        return this.history.rows(POD, "deleted");
    }

    /** The events from a moment on. */
    synchronized List<Happening> happenings(long from) {
        return this.happenings.stream()
                .filter((happening) -> happening.millis() >= from)
                .toList();
    }

    private void pod(Watcher.Action action, Pod pod) {
        long now = System.currentTimeMillis();
        String name = pod.getMetadata().getName();
        Optional<ContainerStatus> status =
                pod.getStatus().getContainerStatuses().stream().findFirst();
        status.ifPresent((container) -> {
            remember(name, container.getLastState(), true);
            remember(name, container.getState(), false);
            if (container.getState().getRunning() != null) {
                follow(name, container.getRestartCount());
            }
        });
        if (action == Watcher.Action.DELETED) {
            this.history.leave(name, POD, now);
        } else {
            this.history.enter(name, POD, state(pod, status), now);
        }
    }

    private static String state(Pod pod, Optional<ContainerStatus> status) {
        boolean deleted = pod.getMetadata().getDeletionTimestamp() != null;
        boolean ended = status.map((container) -> container.getState().getTerminated() != null)
                .orElse(false);
        boolean running = status.map((container) -> container.getState().getRunning() != null)
                .orElse(false);
        boolean ready = status.map(ContainerStatus::getReady).orElse(false);
        boolean started = status.map(ContainerStatus::getStarted).orElse(false);
        if (ended) {
            return "ended";
        }
        if (deleted) {
            return ready ? "deleted, ready" : "deleted, not ready";
        }
        if (!running) {
            return "pending";
        }
        return ready ? "ready" : started ? "not ready" : "starting";
    }

    private void remember(String pod, ContainerState state, boolean last) {
        ContainerStateTerminated end = (state != null) ? state.getTerminated() : null;
        if (end != null) {
            this.endings.put(
                    pod,
                    new Ending(
                            end.getExitCode(),
                            (end.getReason() != null) ? end.getReason() : "",
                            (end.getMessage() != null) ? end.getMessage() : "",
                            last));
        }
    }

    private synchronized void slice(Watcher.Action action, EndpointSlice slice) {
        long now = System.currentTimeMillis();
        Set<String> names = new HashSet<>();
        if (action != Watcher.Action.DELETED) {
            for (Endpoint endpoint : endpoints(slice)) {
                if (endpoint.getTargetRef() != null) {
                    names.add(endpoint.getTargetRef().getName());
                    this.history.enter(endpoint.getTargetRef().getName(), ENDPOINT, state(endpoint), now);
                }
            }
        }
        Set<String> before = this.endpoints.getOrDefault(slice.getMetadata().getName(), Set.of());
        this.endpoints.put(slice.getMetadata().getName(), names);
        before.stream()
                .filter((name) -> this.endpoints.values().stream().noneMatch((set) -> set.contains(name)))
                .forEach((name) -> this.history.leave(name, ENDPOINT, now));
    }

    /** A slice without endpoints has no list of them. */
    private static List<Endpoint> endpoints(EndpointSlice slice) {
        @Nullable List<Endpoint> endpoints = slice.getEndpoints();
        return (endpoints != null) ? endpoints : List.of();
    }

    private static String state(Endpoint endpoint) {
        boolean serving = Boolean.TRUE.equals(endpoint.getConditions().getServing());
        if (Boolean.TRUE.equals(endpoint.getConditions().getTerminating())) {
            return serving ? "serving, terminating" : "terminating";
        }
        return Boolean.TRUE.equals(endpoint.getConditions().getReady()) ? "ready" : "not ready";
    }

    private synchronized void event(Watcher.Action action, Event event) {
        if (action == Watcher.Action.ADDED || action == Watcher.Action.MODIFIED) {
            this.happenings.add(new Happening(
                    System.currentTimeMillis(),
                    String.valueOf(event.getInvolvedObject().getName()),
                    String.valueOf(event.getReason()),
                    String.valueOf(event.getMessage())));
        }
    }

    private void follow(String pod, int start) {
        if (this.closed || !this.followed.add(pod + "/" + start)) {
            return;
        }
        List<String> lines = this.logs.computeIfAbsent(pod, (name) -> new CopyOnWriteArrayList<>());
        LogLines.follow(
                "log-" + pod,
                () -> logOf(pod),
                (line) -> {
                    Matcher matcher = PHASE.matcher(line);
                    if (matcher.find()) {
                        this.history.enter(pod, DRAIN, matcher.group(1), LogLines.millisOf(line));
                    }
                    if (lines.size() < KEPT_LINES) {
                        lines.add(line);
                    }
                },
                () -> this.history.leave(pod, DRAIN, System.currentTimeMillis()));
    }

    private @Nullable String logOf(String pod) {
        return this.client.pods().inNamespace(this.namespace).withName(pod).getLog();
    }

    private static <T> Watcher<T> watcher(BiConsumer<Watcher.Action, T> consumer) {
        return new Watcher<>() {

            @Override
            public void eventReceived(Action action, T resource) {
                if (action == Action.ADDED || action == Action.MODIFIED || action == Action.DELETED) {
                    consumer.accept(action, resource);
                }
            }

            @Override
            public void onClose(WatcherException cause) {
                System.out.println("WARN: a watch ended: " + cause.getMessage());
            }
        };
    }

    @Override
    public void close() {
        this.closed = true;
        this.watches.forEach(Watch::close);
    }

    /**
     * The end of a container.
     *
     * @param code its exit code
     * @param reason the kubelet's word for it
     * @param message what it had written to its termination log
     * @param last whether the API showed it as the last state of a container that was started again
     */
    record Ending(int code, String reason, String message, boolean last) {}

    /**
     * An event of the API.
     *
     * @param millis when it was heard of
     * @param object the name of what it is about
     * @param reason its reason
     * @param message its message
     */
    record Happening(long millis, String object, String reason, String message) {}
}
