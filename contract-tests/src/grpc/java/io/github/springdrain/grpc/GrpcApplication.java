// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.grpc;

import io.grpc.BindableService;
import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.nio.NioEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioServerSocketChannel;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.grpc.server.ServerBuilderCustomizer;

/** A gRPC server on a port of its own, with one method that responds when it is let and one that never ends. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@SuppressWarnings("deprecation") // Of the later of the two lines of gRPC; the earlier has nothing else.
class GrpcApplication {

    static final String SERVICE = "drain.Greeter";

    static final MethodDescriptor<String, String> HELLO = method(MethodDescriptor.MethodType.UNARY, "Hello");

    static final MethodDescriptor<String, String> WATCH = method(MethodDescriptor.MethodType.SERVER_STREAMING, "Watch");

    private static MethodDescriptor<String, String> method(MethodDescriptor.MethodType type, String name) {
        return MethodDescriptor.<String, String>newBuilder()
                .setType(type)
                .setFullMethodName(MethodDescriptor.generateFullMethodName(SERVICE, name))
                .setRequestMarshaller(new Text())
                .setResponseMarshaller(new Text())
                .build();
    }

    @Bean
    Greeter greeter() {
        return new Greeter();
    }

    @Bean(destroyMethod = "shutdownGracefully")
    NioEventLoopGroup acceptors() {
        return new NioEventLoopGroup(1);
    }

    @Bean(destroyMethod = "shutdownGracefully")
    NioEventLoopGroup readers() {
        return new NioEventLoopGroup(2);
    }

    /** Acceptors that the test can hold up. */
    @Bean
    ServerBuilderCustomizer<NettyServerBuilder> eventLoops(
            @Qualifier("acceptors") EventLoopGroup acceptors, @Qualifier("readers") EventLoopGroup readers) {
        return (builder) -> builder.bossEventLoopGroup(acceptors)
                .workerEventLoopGroup(readers)
                .channelType(NioServerSocketChannel.class);
    }

    /** Holds its calls until it is told to respond. */
    static final class Greeter implements BindableService {

        private final CountDownLatch begun = new CountDownLatch(1);

        private final CountDownLatch released = new CountDownLatch(1);

        @Override
        public ServerServiceDefinition bindService() {
            return ServerServiceDefinition.builder(SERVICE)
                    .addMethod(HELLO, ServerCalls.asyncUnaryCall(this::hello))
                    .addMethod(WATCH, ServerCalls.asyncServerStreamingCall(this::watch))
                    .build();
        }

        private void hello(String name, StreamObserver<String> response) {
            this.begun.countDown();
            try {
                this.released.await();
            } catch (InterruptedException ex) {
                Thread.currentThread().interrupt();
            }
            response.onNext("Hello " + name);
            response.onCompleted();
        }

        private void watch(String name, StreamObserver<String> response) {
            response.onNext(name);
        }

        void awaitBegun() throws InterruptedException {
            this.begun.await();
        }

        void release() {
            this.released.countDown();
        }
    }

    /** Messages without a schema. */
    private static final class Text implements MethodDescriptor.Marshaller<String> {

        @Override
        public InputStream stream(String value) {
            return new ByteArrayInputStream(value.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public String parse(InputStream stream) {
            try {
                return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
            } catch (IOException ex) {
                throw new UncheckedIOException(ex);
            }
        }
    }
}
