// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
final class BacklogTest {

    @Test
    void countsWhatNobodyHasAccepted() throws IOException {
        try (ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                Socket first = new Socket(listener.getInetAddress(), listener.getLocalPort());
                Socket second = new Socket(listener.getInetAddress(), listener.getLocalPort())) {
            Backlog.await(listener.getLocalPort(), 2, Duration.ofSeconds(5));
            assertThat(first.isConnected() && second.isConnected()).isTrue();
            listener.accept().close();
            assertThat(Backlog.length(listener.getLocalPort())).isEqualTo(1);
        }
    }

    @Test
    void failsWhenTheConnectionsAreNotThere() throws IOException {
        try (ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> Backlog.await(listener.getLocalPort(), 1, Duration.ofMillis(50)))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("0 connections");
        }
    }
}
