// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.acceptqueue;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.springdrain.server.GatedListener;
import io.github.springdrain.server.acceptqueue.linux.ListenerGate.Mode;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(
        value = OS.LINUX,
        architectures = {"amd64", "aarch64"})
class ServerGateTest {

    @Test
    void saysOfASharedListenerThatNewClientsCannotBeSteered() {
        assertThat(reason(Mode.OFF, Sharing.REUSE_PORT))
                .isEqualTo("The gate is switched off; new clients cannot be steered (the gate is switched off)");
    }

    @Test
    void saysNothingOfSteeringWhereItWorksOrNobodySharesTheListener() {
        assertThat(reason(Mode.AUTO, Sharing.REUSE_PORT)).startsWith("Set by ").doesNotContain("steered");
        assertThat(reason(Mode.OFF, Sharing.NONE)).isEqualTo("The gate is switched off");
    }

    @Test
    @Timeout(60)
    void theStartDoesNotWaitUntilTheSocketOfAListenerIsFound() throws Exception {
        LookedFor listener = new LookedFor();
        new ServerGate(Mode.OFF, Sharing.NONE, "Tomcat").listening(listener);
        Thread thread = listener.looking.get();
        listener.found.countDown();
        thread.join();
    }

    private static String reason(Mode mode, Sharing sharing) {
        return new ServerGate(mode, sharing, "Tomcat")
                .status("http", 8080, true)
                .reason();
    }

    /** Its address is not known before it is told so. */
    private static final class LookedFor implements GatedListener {

        private final CompletableFuture<Thread> looking = new CompletableFuture<>();

        private final CountDownLatch found = new CountDownLatch(1);

        @Override
        public InetSocketAddress address() {
            this.looking.complete(Thread.currentThread());
            try {
                this.found.await();
            } catch (InterruptedException ex) {
                Thread.currentThread().interrupt();
            }
            return new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
        }

        @Override
        public boolean isAcceptorWaiting() {
            return true;
        }

        @Override
        public long accepted() {
            return 0;
        }
    }
}
