// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CloseAdvertisementTest {

    private static final int RESPONSES = 10_000;

    private final CloseAdvertisement announcement = new CloseAdvertisement(new Random(20)::nextDouble);

    @Test
    void advertisesNothingAtFirst() {
        assertThat(this.announcement.isForAny()).isFalse();
        assertThat(advertised()).isZero();
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.05, 0.25, 0.5, 0.95})
    void advertisesTheShareOfTheResponsesThatItIsSetTo(double share) {
        this.announcement.set(share);
        assertThat(this.announcement.isForAny()).isTrue();
        assertThat(this.announcement.isForAll()).isFalse();
        assertThat((double) advertised() / RESPONSES).isCloseTo(share, within(0.02));
    }

    @Test
    void advertisesMoreOfThemTheLongerTheAnnouncementLasts() {
        int[] advertised = IntStream.rangeClosed(0, 10)
                .map((tenth) -> {
                    this.announcement.set(tenth / 10.0);
                    return advertised();
                })
                .toArray();
        assertThat(advertised).isSorted().doesNotHaveDuplicates().startsWith(0).endsWith(RESPONSES);
    }

    @Test
    void drawsTheSameForTheSameSeed() {
        CloseAdvertisement twin = new CloseAdvertisement(new Random(20)::nextDouble);
        this.announcement.set(0.5);
        twin.set(0.5);
        for (int i = 0; i < RESPONSES; i++) {
            assertThat(twin.isForNext()).isEqualTo(this.announcement.isForNext());
        }
    }

    private int advertised() {
        return (int) IntStream.range(0, RESPONSES)
                .filter((response) -> this.announcement.isForNext())
                .count();
    }
}
