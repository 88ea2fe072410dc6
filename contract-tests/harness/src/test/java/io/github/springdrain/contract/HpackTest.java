// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HpackTest {

    @Test
    void readsAStatusOfTheStaticTable() {
        assertThat(Hpack.status(hex("88"))).isEqualTo(200);
        assertThat(Hpack.status(hex("8d"))).isEqualTo(404);
    }

    /** The codes of RFC 7541 appendix C.6 (302, 307), and one more. */
    @Test
    void readsAStatusInHuffmanCode() {
        assertThat(Hpack.status(hex("48826402"))).isEqualTo(302);
        assertThat(Hpack.status(hex("4883640eff"))).isEqualTo(307);
        assertThat(Hpack.status(hex("08826820"))).isEqualTo(410);
    }

    @Test
    void readsAStatusInPlainText() {
        assertThat(Hpack.status(hex("1803353033"))).isEqualTo(503);
    }

    @Test
    void skipsANewSizeOfTheTable() {
        assertThat(Hpack.status(hex("2088"))).isEqualTo(200);
    }

    @Test
    void reportsWhatStandsInPlaceOfAStatus() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Hpack.status(hex("4103612e62")))
                .withMessageContaining(":authority");
    }

    @Test
    void writesFieldsThatNoTableKeeps() {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put(":method", "GET");
        fields.put("a", "b");
        assertThat(HexFormat.of().formatHex(Hpack.encode(fields))).isEqualTo("1203474554" + "1001610162");
    }

    @Test
    void writesTheLengthOfALongText() {
        byte[] block = Hpack.encode(Map.of(":path", "x".repeat(300)));
        assertThat(HexFormat.of().formatHex(block, 0, 4)).isEqualTo("147fad01");
        assertThat(block).hasSize(304);
    }

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text);
    }
}
