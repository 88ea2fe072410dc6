// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.springdrain.DrainReport;
import io.github.springdrain.contract.ConnectionEnd;
import io.github.springdrain.contract.RawClient;
import io.github.springdrain.contract.WebSocketClose;
import io.github.springdrain.contract.WebSocketPeer;
import io.github.springdrain.embedded.SessionsApplication.Finishing;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.util.ClassUtils;

/** What is common to the tests of WebSocket sessions: an application with some of them, and how they are to end. */
final class Sessions {

    static final Duration LIMIT = Duration.ofSeconds(30);

    /** Enough of them that all within a tenth of the window are a matter of one in a hundred million. */
    static final int COUNT = 10;

    static final List<String> DRAIN = List.of(
            "server.drain.timeout=20s",
            "server.drain.announce.delay=300ms",
            "server.drain.connections.stall-timeout=2s",
            "server.drain.websocket.close-spread=1s");

    static final List<String> CONTROL = List.of("server.drain.enabled=false");

    private static final Duration TENTH = Duration.ofMillis(100);

    private Sessions() {}

    static ConfigurableApplicationContext start(
            Class<?> application, WebApplicationType type, List<String> properties, String... more) {
        return new SpringApplicationBuilder(application)
                .web(type)
                .properties("server.port=0")
                .properties(properties.toArray(String[]::new))
                .properties(more)
                .run();
    }

    static RawClient client(ConfigurableApplicationContext context) {
        Integer port = context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
        return RawClient.plain("localhost", port).withPatience(LIMIT);
    }

    /** Opens sessions; a star in the path stands for a name of each one's own. */
    static List<WebSocketPeer> open(ConfigurableApplicationContext context, String path) throws IOException {
        List<WebSocketPeer> peers = new ArrayList<>();
        for (int i = 0; i < COUNT; i++) {
            peers.add(WebSocketPeer.open(client(context), path.replace("*", "s" + i)));
        }
        return peers;
    }

    static void assertNotifiedOverWindow(String name, Finishing finishing, List<WebSocketClose> closes) {
        System.out.println(name + ": " + summary(closes));
        assertThat(closes).as(name).allSatisfy((close) -> {
            assertThat(close.atNanos() - finishing.atNanos()).isPositive();
            assertThat(close.code()).isEqualTo(1001);
            // Not Spring's own, which has no reason.
            assertThat(close.reason()).isNotEmpty();
            assertThat(close.ending()).isEqualTo(ConnectionEnd.EOF);
        });
        assertThat(WebSocketClose.spread(closes)).as(name).isGreaterThan(TENTH);
    }

    /**
     * As {@link #assertNotifiedOverWindow}, of sessions in which the application goes on sending. Jetty refuses its
     * messages from just before it writes the close frame, and Spring's reactive sessions end their connection when a
     * message is refused. One session of a run may lose the frame to that.
     */
    static void assertSendersNotifiedOverWindow(String name, Finishing finishing, List<WebSocketClose> closes) {
        List<WebSocketClose> notified =
                closes.stream().filter((close) -> close.code() != 0).toList();
        assertThat(closes.size() - notified.size())
                .as("%s: %s", name, summary(closes))
                .isLessThanOrEqualTo(onJettyAtMost(1));
        assertNotifiedOverWindow(name, finishing, notified);
    }

    /** How many sessions may lose their close frame to that, 0 on the other servers. */
    static int onJettyAtMost(int limit) {
        return ClassUtils.isPresent("org.eclipse.jetty.server.Server", null) ? limit : 0;
    }

    /** Whether the client cannot tell that the server goes away: Reactor Netty sends a close frame without a code to some. */
    static boolean isNotNotified(WebSocketClose close) {
        return close.code() != 1001;
    }

    /** Delay, window and the time that a mute peer gets are three seconds and a third in all. */
    static void assertEndedInTime(DrainReport report) {
        assertThat(report.outcome()).isEqualTo(DrainReport.Outcome.GRACEFUL);
        assertThat(report.duration()).isLessThan(Duration.ofSeconds(8));
    }

    /** How many ended in which way, and over which time. */
    static String summary(List<WebSocketClose> closes) {
        Map<String, Integer> kinds = new TreeMap<>();
        closes.forEach((close) ->
                kinds.merge(close.code() + " \"" + close.reason() + "\" " + close.ending(), 1, Integer::sum));
        return kinds + " over " + WebSocketClose.spread(closes).toMillis() + " ms";
    }
}
