// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.springdrain.DrainReport;
import io.github.springdrain.contract.ConcurrentClients;
import io.github.springdrain.contract.Moment;
import io.github.springdrain.contract.RawConnection;
import io.github.springdrain.contract.RawResponse;
import io.github.springdrain.contract.WebSocketClose;
import io.github.springdrain.contract.WebSocketPeer;
import io.github.springdrain.embedded.SessionsApplication.Finishing;
import io.github.springdrain.embedded.SessionsApplication.Notes;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.messaging.simp.stomp.StompBrokerRelayMessageHandler;

/**
 * WebSocket sessions of a servlet application are closed when the listeners are closed, whatever API opened them.
 */
@Timeout(120)
class SessionsIT {

    private static final List<String> PATHS = List.of("/handler", "/endpoint", "/sock/000/*/websocket");

    private static ConfigurableApplicationContext start(List<String> properties, String... more) {
        return Sessions.start(SessionsApplication.class, WebApplicationType.SERVLET, properties, more);
    }

    private static List<ConcurrentClients<WebSocketClose>> openEach(ConfigurableApplicationContext context)
            throws IOException {
        List<ConcurrentClients<WebSocketClose>> clients = new ArrayList<>();
        for (String path : PATHS) {
            clients.add(ConcurrentClients.forEach(
                    "session", Sessions.open(context, path), (peer) -> WebSocketClose.of(peer, true, Sessions.LIMIT)));
        }
        return clients;
    }

    private static List<StompPeer> openStomp(ConfigurableApplicationContext context, String name) throws IOException {
        List<StompPeer> peers = new ArrayList<>();
        for (int i = 0; i < Sessions.COUNT; i++) {
            peers.add(StompPeer.open(Sessions.client(context), name + i));
        }
        return peers;
    }

    private static ConcurrentClients<StompPeer.Chat> chat(
            ConfigurableApplicationContext context, String destination, Predicate<String> delivered)
            throws IOException {
        return ConcurrentClients.forEach("stomp", openStomp(context, "m"), (peer) -> peer.chat(destination, delivered));
    }

    @Test
    void sessionsOfEveryApiAreNotifiedOverTheWindow() throws Exception {
        ConfigurableApplicationContext context = start(Sessions.DRAIN);
        Finishing finishing = context.getBean(Finishing.class);
        List<ConcurrentClients<WebSocketClose>> clients = openEach(context);
        WebSocketPeer muteStomp =
                StompPeer.open(Sessions.client(context), "mute").webSocket();
        ConcurrentClients<WebSocketClose> mute =
                ConcurrentClients.start("mute", 1, () -> WebSocketClose.of(muteStomp, false, Sessions.LIMIT));

        DrainReport report = Closing.of(context);
        for (int i = 0; i < PATHS.size(); i++) {
            Sessions.assertNotifiedOverWindow(
                    PATHS.get(i), finishing, clients.get(i).results(Sessions.LIMIT));
        }
        assertThat(mute.results(Sessions.LIMIT).get(0).code()).isEqualTo(1001);
        assertThat(report.duration()).isGreaterThan(Duration.ofMillis(2300));
        Sessions.assertEndedInTime(report);
    }

    @Test
    void sockJsSessionsOverPlainHttpAreNotifiedOverTheWindow() throws Exception {
        ConfigurableApplicationContext context = start(Sessions.DRAIN);
        ConcurrentClients<Long> streams =
                ConcurrentClients.forEach("sockjs", openSockJs(context), SessionsIT::readSockJs);
        Moment.await(System.nanoTime(), Duration.ofMillis(500));
        DrainReport report = Closing.of(context);
        List<Long> ends = streams.results(Sessions.LIMIT).stream().sorted().toList();
        Duration spread = Duration.ofNanos(ends.get(ends.size() - 1) - ends.get(0));
        System.out.printf("SockJS over HTTP: over %d ms%n", spread.toMillis());
        assertThat(spread).isGreaterThan(Duration.ofMillis(100));
        Sessions.assertEndedInTime(report);
    }

    /** The server has what they ask for, in its accept queue at least. */
    private static List<RawConnection> openSockJs(ConfigurableApplicationContext context) throws IOException {
        List<RawConnection> connections = new ArrayList<>();
        for (int i = 0; i < Sessions.COUNT; i++) {
            connections.add(Sessions.client(context).connect().head("POST", "/sock/000/h" + i + "/xhr_streaming", 0));
        }
        return connections;
    }

    /** Returns when the stream ended. */
    private static long readSockJs(RawConnection connection) {
        RawResponse response = connection.read();
        assertThat(response.summary()).startsWith("COMPLETE 200");
        assertThat(response.text()).endsWith("c[1001,\"The server is going away\"]\n");
        return System.nanoTime();
    }

    @Test
    void stompSessionsGoOnUntilTheyAreNotified() throws Exception {
        ConfigurableApplicationContext context = start(Sessions.DRAIN);
        Finishing finishing = context.getBean(Finishing.class);
        ConcurrentClients<StompPeer.Chat> chats =
                chat(context, "/app/note", context.getBean(Notes.class).texts()::contains);
        DrainReport report = Closing.of(context);
        assertChats("simple broker", finishing, chats.results(Sessions.LIMIT));
        Sessions.assertEndedInTime(report);
    }

    /** Of its own accord Spring's broker closes them all at once, where the application wants it to stop early. */
    @Test
    void messagesReachTheBrokerBehindARelayUntilTheSessionsAreNotified() throws Exception {
        try (StompBroker broker = new StompBroker()) {
            ConfigurableApplicationContext context = start(
                    Sessions.DRAIN,
                    SessionsApplication.RELAY_PORT + "=" + broker.port(),
                    SessionsApplication.PHASE + "=" + SmartLifecycle.DEFAULT_PHASE);
            Finishing finishing = context.getBean(Finishing.class);
            StompBrokerRelayMessageHandler relay = context.getBean(StompBrokerRelayMessageHandler.class);
            await(relay::isBrokerAvailable);
            ConcurrentClients<StompPeer.Chat> chats = chat(context, "/topic/notes", broker.bodies()::contains);
            DrainReport report = Closing.of(context);
            assertChats("broker relay", finishing, chats.results(Sessions.LIMIT));
            Sessions.assertEndedInTime(report);
            await(() -> broker.disconnects() >= Sessions.COUNT);
        }
    }

    @Test
    void withoutTheDrainSessionsAreDroppedWithoutNotice() throws Exception {
        ConfigurableApplicationContext context = start(Sessions.CONTROL);
        List<ConcurrentClients<WebSocketClose>> clients = openEach(context);
        ConcurrentClients<StompPeer.Chat> chats =
                chat(context, "/app/note", context.getBean(Notes.class).texts()::contains);
        context.close();
        List<WebSocketClose> all = new ArrayList<>(closes(chats.results(Sessions.LIMIT)));
        clients.forEach((each) -> all.addAll(each.results(Sessions.LIMIT)));
        System.out.println("every API without the drain: " + Sessions.summary(all));
        // Tomcat and Jetty notify none of them, Undertow some.
        assertThat(all).anyMatch(Sessions::isNotNotified);
    }

    private static void assertChats(String name, Finishing finishing, List<StompPeer.Chat> chats) {
        assertThat(chats).as(name).allMatch((chat) -> chat.delivered() > 0);
        Sessions.assertNotifiedOverWindow(name, finishing, closes(chats));
    }

    private static List<WebSocketClose> closes(List<StompPeer.Chat> chats) {
        return chats.stream().map(StompPeer.Chat::close).toList();
    }

    private static void await(BooleanSupplier condition) {
        assertThat(Moment.awaitThat(condition, Sessions.LIMIT)).isTrue();
    }
}
