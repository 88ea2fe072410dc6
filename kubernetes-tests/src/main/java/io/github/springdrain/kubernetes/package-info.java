/**
 * A Kubernetes node in small, on one Linux host and without mocks of the network: pods with a network namespace, an
 * address and a JVM of their own, a kubelet, an endpoint controller, and what clients reach the pods through. It shows
 * what clients lose while a Deployment is rolled over under load.
 */
@NullMarked
package io.github.springdrain.kubernetes;

import org.jspecify.annotations.NullMarked;
