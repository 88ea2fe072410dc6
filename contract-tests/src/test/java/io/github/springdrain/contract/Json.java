package io.github.springdrain.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.jayway.jsonpath.JsonPath;
import java.util.List;

/** Values in the JSON of an answer, as text. */
final class Json {

    private Json() {}

    /** The value at {@code path} in the body of an answer, which must be whole. */
    static String text(RawResponse answer, String path) {
        Object value = JsonPath.read(body(answer), path);
        return String.valueOf(value);
    }

    /** The values at an indefinite {@code path} in the body of an answer, which must be whole. */
    static List<String> texts(RawResponse answer, String path) {
        List<Object> values = JsonPath.read(body(answer), path);
        return values.stream().map(String::valueOf).toList();
    }

    private static String body(RawResponse answer) {
        assertThat(answer.outcome())
                .as(() -> answer.summary() + " " + answer.text())
                .isEqualTo(Outcome.COMPLETE);
        return answer.text();
    }
}
