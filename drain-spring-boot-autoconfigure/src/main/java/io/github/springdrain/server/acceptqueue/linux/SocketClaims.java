// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.acceptqueue.linux;

import io.github.springdrain.server.GatedListener;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.stream.Collectors;

/**
 * Which listener of this process has which socket. The JDK does not show the descriptor of a channel, and the kernel shows
 * two that listen on one address by {@code SO_REUSEPORT} side by side; so a listener takes what no other has, right after
 * it was bound. Forgets listeners that nothing refers to any more. Thread-safe.
 */
final class SocketClaims {

    static final String PROPERTY = "io.github.springdrain.listeners";

    private static final String SEPARATOR = ",";

    private final Map<GatedListener, Claim> claims = new WeakHashMap<>();

    private static final Set<String> OF_THIS_CLASS_LOADER = new HashSet<>();

    /** What was put into the property; guarded by the properties. */
    private final Set<String> published;

    SocketClaims() {
        this(OF_THIS_CLASS_LOADER);
    }

    /** Creates claims of a class loader that has put {@code published} into the property. */
    SocketClaims(Set<String> published) {
        this.published = published;
    }

    /**
     * The sockets of a listener among those of this process that listen on its address: those it has, or else all that no
     * other listener has.
     */
    synchronized Set<Long> claim(GatedListener listener, Set<Long> inodes) {
        Claim claim = this.claims.get(listener);
        if (claim != null && inodes.stream().anyMatch(claim.inodes()::contains)) {
            return claim.inodes();
        }
        Set<Long> taken = this.claims.entrySet().stream()
                .filter((entry) -> entry.getKey() != listener)
                .flatMap((entry) -> entry.getValue().inodes().stream())
                .collect(Collectors.toSet());
        Set<Long> free = publish(
                inodes.stream().filter((inode) -> !taken.contains(inode)).collect(Collectors.toSet()));
        this.claims.put(listener, new Claim(free, Set.of()));
        return free;
    }

    /** Returns those that are not another class loader's, and lets the others know of them. */
    private Set<Long> publish(Set<Long> inodes) {
        // The lock that the properties of the system themselves use, and so one for all class loaders.
        synchronized (System.getProperties()) {
            String value = System.getProperty(PROPERTY, "");
            Set<String> all = new LinkedHashSet<>(value.isEmpty() ? List.of() : List.of(value.split(SEPARATOR)));
            Set<Long> free = inodes.stream()
                    .filter((inode) -> !all.contains(inode.toString()) || this.published.contains(inode.toString()))
                    .collect(Collectors.toUnmodifiableSet());
            free.forEach((inode) -> {
                this.published.add(inode.toString());
                all.add(inode.toString());
            });
            if (!free.isEmpty()) {
                System.setProperty(PROPERTY, String.join(SEPARATOR, all));
            }
            return free;
        }
    }

    /** Remembers who listened on the address of a listener before it did. */
    synchronized void setPredecessors(GatedListener listener, Set<Long> predecessors) {
        this.claims.computeIfPresent(listener, (key, claim) -> new Claim(claim.inodes(), Set.copyOf(predecessors)));
    }

    /** Who listened on the address of a listener before it did, as far as that was remembered. */
    synchronized Set<Long> predecessors(GatedListener listener) {
        Claim claim = this.claims.get(listener);
        return (claim != null) ? claim.predecessors() : Set.of();
    }

    /** What one listener has. */
    private record Claim(Set<Long> inodes, Set<Long> predecessors) {}
}
