/** Takes pods of the sample out of service on a real Kubernetes cluster, under load, and counts what clients lost. */
@NullMarked
package io.github.springdrain.cluster;

import org.jspecify.annotations.NullMarked;
