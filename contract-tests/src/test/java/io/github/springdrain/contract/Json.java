// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.jayway.jsonpath.JsonPath;
import java.util.List;

/** Values in the JSON of a response, as text. */
final class Json {

    private Json() {}

    /** The value at {@code path} in the body of a response, which must be whole. */
    static String text(RawResponse response, String path) {
        Object value = JsonPath.read(body(response), path);
        return String.valueOf(value);
    }

    /** The values at an indefinite {@code path} in the body of a response, which must be whole. */
    static List<String> texts(RawResponse response, String path) {
        List<Object> values = JsonPath.read(body(response), path);
        return values.stream().map(String::valueOf).toList();
    }

    private static String body(RawResponse response) {
        assertThat(response.outcome())
                .as(() -> response.summary() + " " + response.text())
                .isEqualTo(Outcome.COMPLETE);
        return response.text();
    }
}
