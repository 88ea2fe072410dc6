/**
 * gRPC servers and calls of Spring gRPC.
 *
 * <p>Internal: may change without notice.
 */
@NullMarked
package io.github.springdrain.spring.grpc;

import org.jspecify.annotations.NullMarked;
