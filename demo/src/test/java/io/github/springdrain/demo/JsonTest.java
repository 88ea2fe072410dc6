// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JsonTest {

    @Test
    void writesNestedValues() {
        assertThat(Json.of(List.of(1, true, "a", Map.of("b", List.of())))).isEqualTo("[1,true,\"a\",{\"b\":[]}]");
    }

    @Test
    void escapesWhatWouldEndATextOrTheScriptAroundIt() {
        assertThat(Json.of("a\"b\\c\n</script>")).isEqualTo("\"a\\u0022b\\u005cc\\u000a\\u003c/script>\"");
    }
}
