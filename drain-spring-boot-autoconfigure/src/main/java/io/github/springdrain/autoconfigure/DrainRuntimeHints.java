// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.autoconfigure;

import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.BindingReflectionHintsRegistrar;
import org.springframework.aot.hint.ExecutableMode;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.ReflectionHints;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.aot.hint.TypeReference;
import org.springframework.util.ClassUtils;
import org.springframework.util.StringUtils;

/**
 * What the library reaches by reflection, for native images. A type that the application does not have is left out, and
 * so is a member that its version does not have.
 */
final class DrainRuntimeHints implements RuntimeHintsRegistrar {

    private static final String ALL = "*";

    /** A type and the names of its fields and methods; {@code *} for all of its fields. */
    private static final String MEMBERS = """
            org.apache.coyote.AbstractProtocol: endpoint handler
            org.apache.coyote.CompressionConfig: *
            org.apache.coyote.http11.AbstractHttp11Protocol: compressionConfig
            org.apache.coyote.http2.Http2UpgradeHandler: streams
            org.apache.coyote.http2.Stream: isActive getCoyoteRequest getCoyoteResponse
            org.apache.tomcat.util.net.AbstractEndpoint: *
            org.apache.tomcat.util.net.AbstractJsseEndpoint: *
            org.apache.tomcat.util.net.AbstractNetworkChannelEndpoint: *
            org.apache.tomcat.util.net.NioEndpoint: *
            org.apache.tomcat.util.net.SocketWrapperBase: getLock
            org.apache.tomcat.websocket.WsSession: getUserProperties
            org.apache.tomcat.websocket.server.WsHttpUpgradeHandler: wsSession
            org.springframework.boot.web.embedded.tomcat.TomcatReactiveWebServerFactory: protocol
            org.springframework.boot.web.embedded.tomcat.TomcatServletWebServerFactory: protocol
            org.eclipse.jetty.http2.HTTP2Connection: getSession
            org.eclipse.jetty.server.ServerConnector: _manager
            org.eclipse.jetty.server.internal.HttpChannelState: _handled _handling _lock
            org.eclipse.jetty.server.internal.HttpConnection: getParser _requestBuffer
            org.eclipse.jetty.websocket.core.WebSocketConnection: coreSession
            io.undertow.Undertow$Builder: worker ioThreads workerThreads workerOptions
            io.undertow.Undertow$ListenerInfo: channel openListener
            io.undertow.protocols.http2.Http2Channel: currentStreams lastGoodStreamId
            io.undertow.protocols.http2.Http2Channel$StreamHolder: sinkChannel
            io.undertow.protocols.ssl.UndertowAcceptingSslChannel: tcpServer
            io.undertow.server.AbstractServerConnection: current
            io.undertow.server.protocol.framed.AbstractFramedChannel: channel
            io.undertow.server.protocol.framed.AbstractFramedChannel$FrameReadListener: this$0
            io.undertow.server.protocol.http.AlpnOpenListener: listeners
            io.undertow.server.protocol.http.AlpnOpenListener$ListenerEntry: listener
            io.undertow.server.protocol.http.HttpOpenListener: connections
            io.undertow.server.protocol.http.HttpReadListener: requestState read
            io.undertow.server.protocol.http.HttpResponseConduit: state
            io.undertow.server.protocol.http2.Http2OpenListener: connections
            io.undertow.server.protocol.http2.Http2ReceiveListener: handleRequests
            org.xnio.ChannelListeners$DelegatingChannelListener: channelListener
            org.springframework.amqp.rabbit.listener.AbstractMessageListenerContainer: shutdownTimeout
            org.springframework.amqp.rabbit.listener.adapter.MessagingMessageListenerAdapter: handlerAdapter
            org.springframework.amqp.rabbit.listener.adapter.HandlerAdapter: invokerHandlerMethod delegatingHandler
            org.springframework.amqp.rabbit.listener.adapter.DelegatingInvocableHandler: handlers
            org.springframework.amqp.listener.adapter.HandlerAdapter: invokerHandlerMethod delegatingHandler
            org.springframework.amqp.listener.adapter.DelegatingInvocableHandler: handlers
            org.springframework.kafka.listener.adapter.MessagingMessageListenerAdapter: handlerMethod
            org.springframework.kafka.listener.adapter.HandlerAdapter: invokerHandlerMethod delegatingHandler
            org.springframework.kafka.listener.adapter.DelegatingInvocableHandler: handlers
            org.springframework.cloud.stream.binder.DefaultBinding: lifecycle
            org.springframework.cloud.stream.binding.InputBindingLifecycle: inputBindings
            org.springframework.integration.amqp.inbound.AmqpInboundChannelAdapter: messageListenerContainer
            org.springframework.integration.kafka.inbound.KafkaMessageDrivenChannelAdapter: messageListenerContainer
            org.springframework.cloud.client.serviceregistry.AbstractAutoServiceRegistration: register deregister getServiceRegistry getRunning registrationLifecycles shouldRegisterManagement deregisterManagement
            org.springframework.core.task.SimpleAsyncTaskExecutor: taskDecorator
            org.springframework.integration.endpoint.AbstractPollingEndpoint: adviceChain
            org.springframework.scheduling.concurrent.ExecutorConfigurationSupport: waitForTasksToCompleteOnShutdown
            org.springframework.web.socket.sockjs.transport.TransportHandlingSockJsService: sessions
            java.lang.foreign.FunctionDescriptor: of
            java.lang.foreign.Linker: nativeLinker defaultLookup downcallHandle
            java.lang.foreign.Linker$Option: captureCallState
            java.lang.foreign.MemorySegment: ofBuffer address
            java.lang.foreign.SymbolLookup: find
            java.lang.foreign.ValueLayout: JAVA_INT ADDRESS
            java.util.function.Consumer: accept
            sun.misc.Signal: handle
            sun.misc.SignalHandler: handle
            """;

    @Override
    public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
        MEMBERS.lines().forEach((line) -> registerMembers(hints.reflection(), line, classLoader));
        registerByName(hints, "com.sun.jna.Native", classLoader);
        registerByName(hints, "io.github.springdrain.server.tomcat.DrainHttp11NioProtocol", classLoader);
        registerByName(hints, "sun.misc.Signal", classLoader);
        registerPrivate(hints, "org.xnio.nio.NioTcpServer", classLoader);
        registerPrivate(hints, "org.xnio.nio.QueuedNioTcpServer2", classLoader);
        hints.proxies().registerJdkProxy(TypeReference.of("sun.misc.SignalHandler"));
        registerBinding(hints, "io.github.springdrain.actuate.DrainDescriptor", classLoader);
    }

    private static void registerMembers(ReflectionHints hints, String line, @Nullable ClassLoader classLoader) {
        int colon = line.indexOf(':');
        Set<String> names = Set.of(StringUtils.tokenizeToStringArray(line.substring(colon + 1), " "));
        Class<?> type = find(line.substring(0, colon), classLoader);
        if (type == null) {
            return;
        }
        try {
            Stream.of(type.getDeclaredFields())
                    .filter((field) -> names.contains(ALL) || names.contains(field.getName()))
                    .forEach(hints::registerField);
            Stream.of(type.getDeclaredMethods())
                    .filter((method) -> names.contains(method.getName()))
                    .forEach((method) -> hints.registerMethod(method, ExecutableMode.INVOKE));
        } catch (LinkageError ex) {
            // A type that it refers to is missing, as of an optional part of a container: it is not used either.
        }
    }

    /** Also has its constructors called. */
    private static void registerByName(RuntimeHints hints, String name, @Nullable ClassLoader classLoader) {
        Class<?> type = find(name, classLoader);
        if (type != null) {
            hints.reflection().registerType(type, MemberCategory.INVOKE_PUBLIC_CONSTRUCTORS);
        }
    }

    /** Also has constructors called that are not public. */
    private static void registerPrivate(RuntimeHints hints, String name, @Nullable ClassLoader classLoader) {
        Class<?> type = find(name, classLoader);
        if (type != null) {
            hints.reflection().registerType(type, MemberCategory.INVOKE_DECLARED_CONSTRUCTORS);
        }
    }

    private static void registerBinding(RuntimeHints hints, String name, @Nullable ClassLoader classLoader) {
        Class<?> type = find(name, classLoader);
        if (type != null) {
            new BindingReflectionHintsRegistrar().registerReflectionHints(hints.reflection(), type);
        }
    }

    private static @Nullable Class<?> find(String name, @Nullable ClassLoader classLoader) {
        try {
            return ClassUtils.forName(name, classLoader);
        } catch (ClassNotFoundException | LinkageError ex) {
            return null;
        }
    }
}
