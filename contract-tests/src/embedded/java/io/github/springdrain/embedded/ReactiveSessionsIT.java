// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.springdrain.DrainReport;
import io.github.springdrain.contract.ConcurrentClients;
import io.github.springdrain.contract.Moment;
import io.github.springdrain.contract.WebSocketClose;
import io.github.springdrain.contract.WebSocketFrame;
import io.github.springdrain.contract.WebSocketPeer;
import io.github.springdrain.embedded.SessionsApplication.Finishing;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.web.reactive.HandlerMapping;
import org.springframework.web.reactive.handler.SimpleUrlHandlerMapping;
import org.springframework.web.reactive.socket.WebSocketHandler;
import reactor.core.publisher.Flux;

/** WebSocket sessions of a reactive application are closed when the listeners are closed. */
@Timeout(120)
class ReactiveSessionsIT {

    private static final String LARGE = "x".repeat(60_000);

    /** Longer than Tomcat waits for a client by itself. */
    private static final Duration SLOWNESS = Duration.ofMillis(300);

    /** One handler sends every message back, the others send on and on and read nothing. */
    @SpringBootConfiguration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import(Finishing.class)
    static class Application {

        @Bean
        static HandlerMapping webSockets() {
            WebSocketHandler echo = (session) ->
                    session.send(session.receive().map((message) -> session.textMessage(message.getPayloadAsText())));
            WebSocketHandler push = (session) -> session.send(Flux.interval(Duration.ofMillis(50))
                    .onBackpressureDrop()
                    .map((tick) -> session.textMessage("tick")));
            WebSocketHandler flood = (session) -> session.send(
                    Flux.interval(Duration.ofMillis(5)).onBackpressureDrop().map((tick) -> session.textMessage(LARGE)));
            return new SimpleUrlHandlerMapping(Map.of("/echo", echo, "/push", push, "/flood", flood), -1);
        }
    }

    /** Sessions that have been at work by now. */
    private static ConcurrentClients<WebSocketClose> afterAnEcho(ConfigurableApplicationContext context)
            throws IOException {
        List<WebSocketPeer> peers = Sessions.open(context, "/echo");
        for (WebSocketPeer peer : peers) {
            WebSocketFrame echo = peer.text("hello").read(Sessions.LIMIT);
            assertThat(echo).isNotNull();
            assertThat(echo.payload()).isEqualTo("hello");
        }
        return ConcurrentClients.forEach("echo", peers, (peer) -> WebSocketClose.of(peer, true, Sessions.LIMIT));
    }

    @Test
    void sessionsAreNotifiedOverTheWindow() throws Exception {
        ConfigurableApplicationContext context =
                Sessions.start(Application.class, WebApplicationType.REACTIVE, Sessions.DRAIN);
        Finishing finishing = context.getBean(Finishing.class);
        ConcurrentClients<WebSocketClose> echoes = afterAnEcho(context);
        ConcurrentClients<WebSocketClose> pushes = ConcurrentClients.forEach(
                "push", Sessions.open(context, "/push"), (peer) -> WebSocketClose.of(peer, true, Sessions.LIMIT));
        WebSocketPeer silent = WebSocketPeer.open(Sessions.client(context), "/echo");
        ConcurrentClients<WebSocketClose> mute =
                ConcurrentClients.start("mute", 1, () -> WebSocketClose.of(silent, false, Sessions.LIMIT));

        DrainReport report = Closing.of(context);
        Sessions.assertNotifiedOverWindow("reactive echo", finishing, echoes.results(Sessions.LIMIT));
        Sessions.assertSendersNotifiedOverWindow("reactive push", finishing, pushes.results(Sessions.LIMIT));
        assertThat(mute.results(Sessions.LIMIT).get(0).code()).isEqualTo(1001);
        Sessions.assertEndedInTime(report);
    }

    /** Each has a message under way that the client takes only after its session was to be closed. */
    @Test
    void slowClientsAreNotifiedBehindTheMessageThatIsBeingWritten() throws Exception {
        ConfigurableApplicationContext context = Sessions.start(
                Application.class,
                WebApplicationType.REACTIVE,
                Sessions.DRAIN,
                "server.drain.connections.stall-timeout=10s",
                "server.drain.websocket.close-spread=0s");
        Finishing finishing = context.getBean(Finishing.class);
        List<WebSocketPeer> peers = Sessions.open(context, "/flood");
        for (WebSocketPeer peer : peers) {
            assertThat(peer.isReadable(Sessions.LIMIT)).isTrue();
        }
        ConcurrentClients<WebSocketClose> clients = ConcurrentClients.forEach("slow", peers, (peer) -> {
            finishing.await(Sessions.LIMIT);
            Moment.await(System.nanoTime(), SLOWNESS);
            return WebSocketClose.of(peer, true, Sessions.LIMIT);
        });
        Closing.of(context);
        List<WebSocketClose> closes = clients.results(Sessions.LIMIT);
        System.out.println("reactive flood: " + Sessions.summary(closes));
        // All of them lose it where the frame does not wait.
        assertThat(closes.stream().filter(Sessions::isNotNotified).count())
                .isLessThanOrEqualTo(Sessions.onJettyAtMost(Sessions.COUNT / 2));
    }

    @Test
    void withoutTheDrainTheyAreNotToldWhy() throws Exception {
        ConfigurableApplicationContext context =
                Sessions.start(Application.class, WebApplicationType.REACTIVE, Sessions.CONTROL);
        ConcurrentClients<WebSocketClose> echoes = afterAnEcho(context);
        context.close();
        List<WebSocketClose> closes = echoes.results(Sessions.LIMIT);
        System.out.println("reactive echo without the drain: " + Sessions.summary(closes));
        assertThat(closes).anyMatch(Sessions::isNotNotified);
    }
}
