package io.github.springdrain.actuate;

import java.util.function.Supplier;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.EndpointWebExtension;

/**
 * The endpoint over HTTP: status codes with a reason. No operation takes a parameter other than a selector, because
 * that would make {@code curl -X POST} without a JSON content type fail with 415.
 */
@EndpointWebExtension(endpoint = DrainEndpoint.class)
public final class DrainEndpointWebExtension {

    private static final String WAIT = "wait";

    private static final int CONFLICT = 409;

    private final DrainEndpoint endpoint;

    /** Creates the extension of one endpoint. */
    public DrainEndpointWebExtension(DrainEndpoint endpoint) {
        this.endpoint = endpoint;
    }

    /** {@code POST drain}: starts or joins; 409 where there is no server to drain. */
    @WriteOperation
    public WebEndpointResponse<OperationResponseBody> start() {
        return conflictUnlessLegal(this.endpoint::start);
    }

    /** {@code POST drain/wait}: starts or joins, and answers when nobody waits for an answer any more. */
    @WriteOperation
    public WebEndpointResponse<OperationResponseBody> startAnd(@Selector String action) {
        if (!action.equals(WAIT)) {
            String reason = "There is no action '" + action + "' (expected: " + WAIT + ")";
            return new WebEndpointResponse<>(new Refusal(reason), WebEndpointResponse.STATUS_NOT_FOUND);
        }
        return conflictUnlessLegal(this.endpoint::startAndWait);
    }

    /** {@code DELETE drain}: takes the drain back; 409 where that is not possible. */
    @DeleteOperation
    public WebEndpointResponse<OperationResponseBody> resume() {
        return conflictUnlessLegal(this.endpoint::resume);
    }

    private static WebEndpointResponse<OperationResponseBody> conflictUnlessLegal(
            Supplier<? extends OperationResponseBody> operation) {
        try {
            return new WebEndpointResponse<>(operation.get());
        } catch (IllegalStateException ex) {
            return new WebEndpointResponse<>(new Refusal(String.valueOf(ex.getMessage())), CONFLICT);
        }
    }
}
