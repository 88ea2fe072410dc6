// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain;

/** What started a drain, or joined one. */
public enum DrainTrigger {

    /** The application context closes, on a signal or by the application's own call. */
    CONTEXT_CLOSE,

    /** An operator called the endpoint, over HTTP or JMX. */
    ENDPOINT,

    /** The platform ran the hook that precedes its termination signal. */
    PRESTOP
}
