// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.embedded.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;

/**
 * A difference that the documentation lists.
 *
 * @param name the case
 * @param servers those that show it, as the documentation names them
 * @param plain the ways in which plain Spring Boot may end it, in a few words; more than one where it is a matter of chance
 * @param starter the ways in which it may end with the starter
 */
record Difference(String name, List<String> servers, List<String> plain, List<String> starter) {

    void check(Transcript actualPlain, Transcript actual) {
        assertThat(this.starter)
                .as("%s, as docs/what-changes.md lists it, with the starter:%n%s", this.name, actual)
                .contains(actual.summary());
        assertThat(this.plain)
                .as("%s, as docs/what-changes.md lists it, without the starter:%n%s", this.name, actualPlain)
                .contains(actualPlain.summary());
        if (Collections.disjoint(this.plain, this.starter)) {
            assertThat(actualPlain)
                    .as("%s: the listed difference is gone", this.name)
                    .isNotEqualTo(actual);
        }
    }
}
