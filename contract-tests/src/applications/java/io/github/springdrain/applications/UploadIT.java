// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.applications;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.springdrain.contract.ConnectionEnd;
import io.github.springdrain.contract.RawConnection;
import io.github.springdrain.contract.RawResponse;
import java.io.IOException;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A limit that the application has set for unread bodies wins over the starter's. */
@Timeout(180)
class UploadIT {

    /** More than the starter would read behind a close of its own. */
    private static final long BODY_BYTES = 300_000_000;

    /** The status of the second lets Tomcat keep the connection. */
    @ParameterizedTest(name = "drain {0}")
    @ValueSource(booleans = {false, true})
    void anUnreadBodyIsReadAsFarAsTheApplicationAllows(boolean drain) throws IOException {
        try (ApplicationProcess application = ApplicationProcess.of(HelloApplication.class)
                        .with("--server.tomcat.max-swallow-size=-1")
                        .drain(drain)
                        .start();
                RawConnection closed = application.client().connect();
                RawConnection kept = application.client().connect()) {
            RawResponse refused =
                    closed.head("POST", "/refused", BODY_BYTES).body(BODY_BYTES).read();
            assertThat(closed.failure()).isNull();
            assertThat(refused.status()).isEqualTo(413);

            RawResponse unwanted =
                    kept.head("POST", "/unwanted", BODY_BYTES).body(BODY_BYTES).read();
            assertThat(unwanted.status()).isEqualTo(409);
            assertThat(unwanted.ending()).isEqualTo(ConnectionEnd.OPEN);
            assertThat(kept.request("GET", "/hello").read().status()).isEqualTo(200);
        }
    }
}
