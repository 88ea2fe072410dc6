// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.actuate;

import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The preStop hook of Kubernetes as this endpoint sees it: a GET, the only method that {@code lifecycle.preStop.httpGet}
 * knows, by a client that takes every status code for success. What it asks for in vain is therefore said in the log,
 * together with what to change.
 */
public final class PreStopHook {

    static final String PATH = "prestop";

    private static final Logger logger = LoggerFactory.getLogger(PreStopHook.class);

    /** How the kubelet's hooks call themselves; its probes have another name. */
    private static final String KUBELET = "kube-lifecycle/";

    private static final String NOTHING_DRAINED =
            "Nothing was drained, and a kubelet takes that for success; SIGTERM will start the drain. ";

    private static final int FORBIDDEN = 403;

    private static final int NOT_FOUND = 404;

    private final List<String> missing;

    private final Supplier<@Nullable String> userAgent;

    /**
     * Creates the hook of one endpoint.
     *
     * @param httpGet whether the user has allowed the GET
     * @param unrestricted whether the access to the endpoint is unrestricted
     * @param userAgent the User-Agent of the request that the calling thread serves, {@code null} if it is not known
     */
    public PreStopHook(boolean httpGet, boolean unrestricted, Supplier<@Nullable String> userAgent) {
        this.missing = Stream.of(
                        httpGet ? "" : "server.drain.prestop.http-get=true",
                        unrestricted ? "" : "management.endpoint.drain.access=unrestricted")
                .filter((setting) -> !setting.isEmpty())
                .toList();
        this.userAgent = userAgent;
        if (httpGet && !unrestricted) {
            logger.warn("server.drain.prestop.http-get=true has no effect without {}", this.missing.get(0));
        }
    }

    /** Why a GET of the path below the endpoint's starts no drain; {@code null} if it does. */
    @Nullable Refused refuse(String path) {
        if (!path.equals(PATH)) {
            warnOfWrongPath(printable(path));
            String reason = "There is nothing to read at '%s' (expected: %s)".formatted(printable(path), PATH);
            return new Refused(NOT_FOUND, reason);
        }
        if (!this.missing.isEmpty()) {
            String settings = String.join(" and ", this.missing);
            logger.warn(
                    "GET on the drain endpoint's path '{}' was refused. {}To allow it set {}",
                    PATH,
                    NOTHING_DRAINED,
                    settings);
            return new Refused(FORBIDDEN, "A drain is started by GET only with " + settings);
        }
        return null;
    }

    /** Says in the log that the status was read by a hook, which wants something else. */
    void warnOfStatus() {
        String client = this.userAgent.get();
        if (client != null && client.startsWith(KUBELET)) {
            warn("GET on the drain endpoint, here by a preStop hook, only shows where the drain stands. ");
        }
    }

    private void warnOfWrongPath(String path) {
        String client = this.userAgent.get();
        // Nobody else has a reason to read there, so a client that is not known is taken for a hook.
        if (client == null || client.startsWith(KUBELET)) {
            warn("GET on the drain endpoint's path '" + path + "' does nothing. ");
        }
    }

    private void warn(String what) {
        String settings = this.missing.isEmpty() ? "" : " and set " + String.join(" and ", this.missing);
        logger.warn(
                "{}{}Let the path of the hook's httpGet end in 'drain/{}'{}", what, NOTHING_DRAINED, PATH, settings);
    }

    /** A path comes from the client: it must not start a line of its own, nor fill the log. */
    private static String printable(String path) {
        String start = (path.length() > 100) ? path.substring(0, 100) + "..." : path;
        return start.replaceAll("\\p{Cntrl}", "?");
    }

    /**
     * A refusal.
     *
     * @param status the HTTP status
     * @param reason the reason that the response gives
     */
    record Refused(int status, String reason) {}
}
