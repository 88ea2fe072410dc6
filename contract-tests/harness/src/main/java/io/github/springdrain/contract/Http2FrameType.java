// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.contract;

/** The frame types of RFC 9113 section 6. */
public enum Http2FrameType {

    /** A part of a body. */
    DATA(0),

    /** The head of a request or of a response, or trailers. */
    HEADERS(1),

    /** Deprecated. */
    PRIORITY(2),

    /** The end of one stream without the end of its message. */
    RST_STREAM(3),

    /** What the sender asks of its peer, or the word that it has been heard. */
    SETTINGS(4),

    /** Never sent to these clients, which switch it off. */
    PUSH_PROMISE(5),

    /** A question, or with the flag its acknowledgement. */
    PING(6),

    /** The word that no stream beyond the one it names will be served. */
    GOAWAY(7),

    /** Leave to send more. */
    WINDOW_UPDATE(8),

    /** The rest of a head. */
    CONTINUATION(9),

    /** Of an extension; to be ignored. */
    UNKNOWN(-1);

    private final int code;

    Http2FrameType(int code) {
        this.code = code;
    }

    static Http2FrameType of(int code) {
        for (Http2FrameType type : values()) {
            if (type.code == code) {
                return type;
            }
        }
        return UNKNOWN;
    }

    int code() {
        return this.code;
    }
}
