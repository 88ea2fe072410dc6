// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.springdrain.server.acceptqueue.Sharing;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** Whom the listeners belong to, in a process that was started with none. */
class ListenerSharingTests {

    private static final String REUSE_PORT = "server.drain.reuse-port";

    private static final String INHERIT_LISTENER = "server.drain.inherit-listener";

    @Test
    void listenersAreTheServersOwn() {
        assertThat(bind(Map.of()).sharing()).isEqualTo(Sharing.NONE);
        assertThat(bind(Map.of()).sharingOrInherited()).isEqualTo(Sharing.NONE);
    }

    @Test
    void aPortMayBeShared() {
        assertThat(bind(Map.of(REUSE_PORT, "true")).sharing()).isEqualTo(Sharing.REUSE_PORT);
        assertThat(bind(Map.of(REUSE_PORT, "true")).sharingOrInherited()).isEqualTo(Sharing.REUSE_PORT);
    }

    @Test
    void startUpFailsWithoutAListenerToInherit() {
        assertInvalid(Map.of(INHERIT_LISTENER, "true"), "standard input of the process is a listening socket");
    }

    @Test
    void aPortCannotBeSharedAndInherited() {
        assertInvalid(Map.of(INHERIT_LISTENER, "true", REUSE_PORT, "true"), "'server.drain.reuse-port'");
    }

    @Test
    void startUpFailsOnAServerThatInheritsNothing() {
        DrainProperties properties = bind(Map.of(INHERIT_LISTENER, "true"));
        assertThatExceptionOfType(InvalidConfigurationPropertyValueException.class)
                .isThrownBy(properties::sharing)
                .withMessageContaining(INHERIT_LISTENER)
                .withMessageContaining("which serves no socket that it has not opened");
    }

    private static void assertInvalid(Map<String, String> settings, String reason) {
        DrainProperties properties = bind(settings);
        assertThatExceptionOfType(InvalidConfigurationPropertyValueException.class)
                .isThrownBy(properties::sharingOrInherited)
                .withMessageContaining(INHERIT_LISTENER)
                .withMessageContaining(reason);
    }

    private static DrainProperties bind(Map<String, String> settings) {
        return new Binder(new MapConfigurationPropertySource(settings))
                .bindOrCreate(DrainProperties.PREFIX, DrainProperties.class);
    }
}
