package io.github.springdrain.embedded.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

/**
 * A difference that the documentation lists.
 *
 * @param name the case
 * @param servers those that show it, as the documentation names them
 * @param plain the ways in which plain Spring Boot may end it, in a few words; more than one where it is a matter of chance
 * @param starter the one way in which it ends with the starter
 */
record Difference(String name, List<String> servers, List<String> plain, String starter) {

    void check(Transcript actualPlain, Transcript actual) {
        assertThat(actual.summary())
                .as("%s, as docs/what-changes.md lists it, with the starter:%n%s", this.name, actual)
                .isEqualTo(this.starter);
        assertThat(this.plain)
                .as("%s, as docs/what-changes.md lists it, without the starter:%n%s", this.name, actualPlain)
                .contains(actualPlain.summary());
        if (!this.plain.contains(this.starter)) {
            assertThat(actualPlain)
                    .as("%s: the listed difference is gone", this.name)
                    .isNotEqualTo(actual);
        }
    }
}
