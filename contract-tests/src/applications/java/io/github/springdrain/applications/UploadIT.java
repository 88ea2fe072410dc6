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

    private static final long BODY_BYTES = 300_000_000;

    /** More than the starter would read behind its own close. */
    @ParameterizedTest(name = "drain {0}")
    @ValueSource(booleans = {false, true})
    void anUnreadBodyIsReadAsFarAsTheApplicationAllowsAndTheConnectionKept(boolean drain) throws IOException {
        try (ApplicationProcess application = ApplicationProcess.of(HelloApplication.class)
                        .with("--server.tomcat.max-swallow-size=-1")
                        .drain(drain)
                        .start();
                RawConnection connection = application.client().connect()) {
            RawResponse refused =
                    connection.head("POST", "/refused", BODY_BYTES).body(BODY_BYTES).read();
            assertThat(refused.status()).isEqualTo(413);
            assertThat(refused.ending()).isEqualTo(ConnectionEnd.OPEN);
            assertThat(connection.request("GET", "/hello").read().status()).isEqualTo(200);
        }
    }
}
