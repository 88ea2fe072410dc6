package io.github.springdrain.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.springdrain.Drain;
import io.github.springdrain.DrainReport;
import io.github.springdrain.DrainTrigger;
import io.github.springdrain.contract.Crowd;
import io.github.springdrain.contract.Ending;
import io.github.springdrain.contract.Farewell;
import io.github.springdrain.contract.Moment;
import io.github.springdrain.contract.RawClient;
import io.github.springdrain.contract.WebSocketPeer;
import io.github.springdrain.embedded.SessionsApplication.Finishing;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.messaging.simp.stomp.StompBrokerRelayMessageHandler;

/** WebSocket sessions of a servlet application are told to go when the listeners are closed, whatever API opened them. */
@Timeout(120)
class SessionsIT {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    /** Enough of them that all within a tenth of the window are a matter of one in a hundred million. */
    private static final int SESSIONS = 10;

    private static final Duration TENTH = Duration.ofMillis(100);

    private static final String[] DRAIN = {
        "server.drain.timeout=20s",
        "server.drain.announce.delay=300ms",
        "server.drain.connections.stall-timeout=2s",
        "server.drain.websocket.close-spread=1s",
    };

    private static ConfigurableApplicationContext start(String... properties) {
        return new SpringApplicationBuilder(SessionsApplication.class)
                .web(WebApplicationType.SERVLET)
                .properties("server.port=0")
                .properties(properties)
                .run();
    }

    private static RawClient client(ConfigurableApplicationContext context) {
        Integer port = context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
        return RawClient.plain("localhost", port).withPatience(LIMIT);
    }

    private static List<WebSocketPeer> open(ConfigurableApplicationContext context, String path) throws IOException {
        List<WebSocketPeer> peers = new ArrayList<>();
        for (int i = 0; i < SESSIONS; i++) {
            peers.add(WebSocketPeer.open(client(context), path.replace("*", "s" + i)));
        }
        return peers;
    }

    private static List<StompPeer> openStomp(ConfigurableApplicationContext context, String name) throws IOException {
        List<StompPeer> peers = new ArrayList<>();
        for (int i = 0; i < SESSIONS; i++) {
            peers.add(StompPeer.open(client(context), name + i));
        }
        return peers;
    }

    private static DrainReport close(ConfigurableApplicationContext context) {
        Drain drain = context.getBean(Drain.class);
        context.close();
        return drain.start(DrainTrigger.CONTEXT_CLOSE)
                .report()
                .toCompletableFuture()
                .join();
    }

    private static void await(BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - start).isLessThan(LIMIT.toNanos());
            Moment.await(System.nanoTime(), Duration.ofMillis(5));
        }
    }

    @Test
    void sessionsOfEveryApiAreToldOverTheWindow() throws Exception {
        ConfigurableApplicationContext context = start(DRAIN);
        Finishing finishing = context.getBean(Finishing.class);
        List<String> paths = List.of("/handler", "/endpoint", "/sock/000/*/websocket");
        List<Crowd<Farewell>> crowds = new ArrayList<>();
        for (String path : paths) {
            crowds.add(Crowd.forEach("session", open(context, path), (peer) -> Farewell.of(peer, true, LIMIT)));
        }

        DrainReport report = close(context);
        for (int i = 0; i < paths.size(); i++) {
            assertToldOverWindow(paths.get(i), finishing, crowds.get(i).results(LIMIT));
        }
        assertThat(report.outcome()).isEqualTo(DrainReport.Outcome.GRACEFUL);
        assertThat(report.duration()).isLessThan(Duration.ofSeconds(6));
    }

    private static void assertToldOverWindow(String name, Finishing finishing, List<Farewell> farewells) {
        System.out.printf(
                "%s: told over %d ms of 1000%n",
                name, Farewell.spread(farewells).toMillis());
        assertThat(farewells).as(name).allSatisfy((farewell) -> {
            assertThat(farewell.atNanos() - finishing.atNanos()).isPositive();
            assertThat(farewell.code()).isEqualTo(1001);
            assertThat(farewell.ending()).isEqualTo(Ending.EOF);
        });
        assertThat(Farewell.spread(farewells)).as(name).isGreaterThan(TENTH);
    }

    @Test
    void stompSessionsGoOnUntilTheyAreTold() throws Exception {
        try (ConfigurableApplicationContext context = start(DRAIN)) {
            Finishing finishing = context.getBean(Finishing.class);
            Predicate<String> noted =
                    context.getBean(SessionsApplication.Notes.class).texts()::contains;
            Crowd<StompPeer.Chat> chats =
                    Crowd.forEach("stomp", openStomp(context, "simple"), (peer) -> peer.chat("/app/note", noted));
            assertChats("simple broker", finishing, close(context), chats.results(LIMIT));
        }
    }

    @Test
    void messagesReachTheBrokerBehindARelayUntilTheSessionsAreTold() throws Exception {
        try (StompBroker broker = new StompBroker();
                ConfigurableApplicationContext context =
                        start(withProperty(SessionsApplication.RELAY_PORT, broker.port()))) {
            Finishing finishing = context.getBean(Finishing.class);
            StompBrokerRelayMessageHandler relay = context.getBean(StompBrokerRelayMessageHandler.class);
            await(relay::isBrokerAvailable);
            Crowd<StompPeer.Chat> chats = Crowd.forEach(
                    "relayed",
                    openStomp(context, "relayed"),
                    (peer) -> peer.chat("/topic/notes", broker.bodies()::contains));
            assertChats("broker relay", finishing, close(context), chats.results(LIMIT));
            await(() -> broker.disconnects() >= SESSIONS);
        }
    }

    private static void assertChats(String name, Finishing finishing, DrainReport report, List<StompPeer.Chat> chats) {
        System.out.println(name + ": " + chats);
        assertThat(chats).as(name).allMatch((chat) -> chat.delivered() > 0);
        assertToldOverWindow(
                name, finishing, chats.stream().map(StompPeer.Chat::farewell).toList());
        assertThat(report.outcome()).isEqualTo(DrainReport.Outcome.GRACEFUL);
        assertThat(report.duration()).isLessThan(Duration.ofSeconds(6));
    }

    @Test
    void aMuteStompClientHoldsTheEndForTheStallTimeoutAndNoLonger() throws Exception {
        try (ConfigurableApplicationContext context = start(DRAIN)) {
            WebSocketPeer mute = StompPeer.open(client(context), "mute").webSocket();
            Crowd<Farewell> farewell = Crowd.start("mute", 1, () -> Farewell.of(mute, false, LIMIT));
            DrainReport report = close(context);
            assertThat(farewell.results(LIMIT).get(0).code()).isEqualTo(1001);
            assertThat(report.outcome()).isEqualTo(DrainReport.Outcome.GRACEFUL);
            assertThat(report.duration()).isBetween(Duration.ofMillis(2300), Duration.ofSeconds(8));
        }
    }

    private static String[] withProperty(String name, Object value) {
        List<String> all = new ArrayList<>(List.of(DRAIN));
        all.add(name + "=" + value);
        return all.toArray(String[]::new);
    }
}
