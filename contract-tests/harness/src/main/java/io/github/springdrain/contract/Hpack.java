package io.github.springdrain.contract;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * As much of HPACK (RFC 7541) as these clients need: heads of requests without compression, and the status of an answer
 * from a peer that was told to keep no table. The status comes first in a head (RFC 9113 section 8.3), so nothing behind
 * it has to be understood.
 */
final class Hpack {

    /** Of the static table. */
    private static final Map<String, Integer> NAMES = Map.of(":authority", 1, ":method", 2, ":path", 4, ":scheme", 6);

    /** Of the static table: {@code :status 200} and the six after it. */
    private static final int FIRST_STATUS = 8;

    private static final int[] STATUS = {200, 204, 206, 304, 400, 404, 500};

    private static final int HUFFMAN = 0x80;

    /** The Huffman codes of 0, 1 and 2 have five bits, those of the other digits six (RFC 7541 appendix B). */
    private static final int SHORT_DIGITS = 3;

    private static final int FIRST_LONG_DIGIT = 0b011001;

    private Hpack() {}

    static byte[] encode(Map<String, String> fields) {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        fields.forEach((name, value) -> {
            // Not every server takes the name of a pseudo header as text.
            int index = NAMES.getOrDefault(name, 0);
            block.write(index);
            if (index == 0) {
                text(block, name);
            }
            text(block, value);
        });
        return block.toByteArray();
    }

    private static void text(ByteArrayOutputStream block, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        int longest = 0x7F;
        if (bytes.length < longest) {
            block.write(bytes.length);
        } else {
            block.write(longest);
            int rest = bytes.length - longest;
            for (; rest >= 0x80; rest >>= 7) {
                block.write((rest & 0x7F) | 0x80);
            }
            block.write(rest);
        }
        block.writeBytes(bytes);
    }

    /**
     * Reads the status at the beginning of an answer's head.
     *
     * @throws IllegalArgumentException if there is none; the message shows what is there
     */
    static int status(byte[] block) {
        int at = 0;
        while (at < block.length && (block[at] & 0xE0) == 0x20) {
            // A new size of the table, which is told before the first field; of one byte while the size is small.
            at++;
        }
        int first = (at < block.length) ? block[at] & 0xFF : 0;
        if ((first & 0x80) != 0 && isStatus(first & 0x7F)) {
            return STATUS[(first & 0x7F) - FIRST_STATUS];
        }
        int name = ((first & 0x40) != 0) ? first & 0x3F : first & 0x0F;
        if (!isStatus(name) || at + 2 >= block.length) {
            throw new IllegalArgumentException("No status in a head of %d bytes that begins with 0x%02x, 0x%02x"
                    .formatted(block.length, first, (at + 1 < block.length) ? block[at + 1] & 0xFF : 0));
        }
        int length = block[at + 1] & 0x7F;
        boolean huffman = (block[at + 1] & HUFFMAN) != 0;
        return huffman
                ? huffmanNumber(block, at + 2, length)
                : Integer.parseInt(new String(block, at + 2, length, StandardCharsets.US_ASCII));
    }

    private static boolean isStatus(int index) {
        return index >= FIRST_STATUS && index < FIRST_STATUS + STATUS.length;
    }

    private static int huffmanNumber(byte[] block, int offset, int length) {
        int bits = length * 8;
        int number = 0;
        for (int at = 0; bits - at >= 5; ) {
            int digit = bits(block, offset, at, 5);
            if (digit < SHORT_DIGITS) {
                at += 5;
            } else if (bits - at < 6) {
                return number;
            } else {
                digit = bits(block, offset, at, 6) - FIRST_LONG_DIGIT + SHORT_DIGITS;
                at += 6;
            }
            if (digit > 9) {
                return number;
            }
            number = number * 10 + digit;
        }
        return number;
    }

    private static int bits(byte[] block, int offset, int from, int count) {
        int value = 0;
        for (int bit = from; bit < from + count; bit++) {
            value = (value << 1) | ((block[offset + bit / 8] >> (7 - bit % 8)) & 1);
        }
        return value;
    }
}
