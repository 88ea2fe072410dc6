// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.acceptqueue.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.springdrain.server.GatedListener;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SocketClaimsTest {

    private final @Nullable String before = System.getProperty(SocketClaims.PROPERTY);

    private final GatedListener first = new FakeListener(0);

    private final GatedListener next = new FakeListener(0);

    @BeforeEach
    void knowNothing() {
        System.clearProperty(SocketClaims.PROPERTY);
    }

    @AfterEach
    void restore() {
        if (this.before != null) {
            System.setProperty(SocketClaims.PROPERTY, this.before);
        } else {
            System.clearProperty(SocketClaims.PROPERTY);
        }
    }

    @Test
    void aListenerHasWhatNoOtherHas() {
        SocketClaims claims = new SocketClaims();
        assertThat(claims.claim(this.first, Set.of(1L))).containsExactly(1L);
        assertThat(claims.claim(this.next, Set.of(1L, 2L))).containsExactly(2L);
        assertThat(claims.claim(this.first, Set.of(1L, 2L))).containsExactly(1L);
    }

    /** Each class loader that has the library has claims of its own. */
    @Test
    void aListenerHasNothingThatOneOfAnotherClassLoaderHas() {
        SocketClaims claims = new SocketClaims(new HashSet<>());
        SocketClaims othersClaims = new SocketClaims(new HashSet<>());
        assertThat(claims.claim(this.first, Set.of(1L))).containsExactly(1L);
        assertThat(othersClaims.claim(this.next, Set.of(1L, 2L))).containsExactly(2L);
        assertThat(claims.claim(this.first, Set.of(1L, 2L))).containsExactly(1L);
    }

    /** A context that is started again may get a listener whose socket was looked for before. */
    @Test
    void aListenerMayHaveWhatOneOfItsOwnClassLoaderHadThatIsGone() {
        SocketClaims claims = new SocketClaims();
        claims.claim(this.first, Set.of(1L));
        claims.claim(this.first, Set.of(2L));
        assertThat(claims.claim(this.next, Set.of(1L))).containsExactly(1L);
    }
}
