// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.contract;

/**
 * One WebSocket frame (RFC 6455 section 5.2).
 *
 * @param opcode what kind it is
 * @param payload its bytes, one character for each
 */
public record WebSocketFrame(int opcode, String payload) {

    private static final int CLOSE = 8;

    /** Whether it begins the closing handshake, or responds to it. */
    public boolean isClose() {
        return this.opcode == CLOSE;
    }

    /** The code of a close frame; 1005, as RFC 6455 section 7.4.1 has it, where it carries none. */
    public int closeCode() {
        return (this.payload.length() >= 2) ? (this.payload.charAt(0) << 8) + this.payload.charAt(1) : 1005;
    }

    /** The reason of a close frame; empty where it carries none. */
    public String closeReason() {
        return (this.payload.length() > 2) ? this.payload.substring(2) : "";
    }
}
