// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.actuate;

import io.github.springdrain.DrainTrigger;
import java.util.function.Supplier;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.Selector.Match;
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

    private final PreStopHook preStop;

    /** Creates the extension of one endpoint. */
    public DrainEndpointWebExtension(DrainEndpoint endpoint, PreStopHook preStop) {
        this.endpoint = endpoint;
        this.preStop = preStop;
    }

    /** {@code GET drain}: where the drain stands. Changes nothing, and says so where a preStop hook has called it. */
    @ReadOperation
    public DrainDescriptor status() {
        this.preStop.warnOfStatus();
        return this.endpoint.status();
    }

    /**
     * {@code GET drain/prestop}: starts or joins, and responds when no client waits for a response any longer, where the user
     * has allowed that; 403 otherwise. No other path below the endpoint's may be read.
     */
    @ReadOperation
    public WebEndpointResponse<OperationResponseBody> read(@Selector(match = Match.ALL_REMAINING) String... path) {
        PreStopHook.Refused refused = this.preStop.refuse(String.join("/", path));
        if (refused != null) {
            return new WebEndpointResponse<>(new Refusal(refused.reason()), refused.status());
        }
        return conflictUnlessLegal(() -> this.endpoint.startAndWait(DrainTrigger.PRESTOP));
    }

    /** {@code POST drain}: starts or joins; 409 where there is no server to drain. */
    @WriteOperation
    public WebEndpointResponse<OperationResponseBody> start() {
        return conflictUnlessLegal(this.endpoint::start);
    }

    /** {@code POST drain/wait}: starts or joins, and responds when no client waits for a response any longer. */
    @WriteOperation
    public WebEndpointResponse<OperationResponseBody> startAnd(@Selector String action) {
        if (!action.equals(WAIT)) {
            String reason = "There is no action '" + action + "' (expected: " + WAIT + ")";
            return new WebEndpointResponse<>(new Refusal(reason), WebEndpointResponse.STATUS_NOT_FOUND);
        }
        return conflictUnlessLegal(() -> this.endpoint.startAndWait(DrainTrigger.ENDPOINT));
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
