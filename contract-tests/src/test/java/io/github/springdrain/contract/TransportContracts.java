// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.contract;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;

/**
 * What a variant has to show with and without TLS. A variant has one class that extends {@link PlainContracts} and one
 * that extends {@link TlsContracts}, and nothing else. One kind of behaviour alone: {@code -Dgroups=} and its tag.
 */
abstract class TransportContracts {

    private final Target target;

    TransportContracts(Variant variant, boolean tls) {
        this.target = new Target(variant, tls);
    }

    Target target() {
        return this.target;
    }

    @Nested
    @Tag("accept-queue")
    class AcceptQueue extends AcceptQueueContract {

        AcceptQueue() {
            super(target());
        }
    }

    @Nested
    @Tag("linger")
    class Linger extends LingerContract {

        Linger() {
            super(target());
        }
    }

    @Nested
    @Tag("stall")
    class Stall extends StallContract {

        Stall() {
            super(target().oncePerContainer());
        }
    }

    @Nested
    @Tag("http2")
    class Http2 extends Http2Contract {

        Http2() {
            super(target());
        }
    }

    @Nested
    @Tag("http2-abuse")
    class Http2Abuse extends Http2AbuseContract {

        Http2Abuse() {
            super(target().oncePerContainer());
        }
    }

    @Nested
    @Tag("probes")
    class Probes extends ProbesContract {

        Probes() {
            super(target().oncePerContainer());
        }
    }

    @Nested
    @Tag("announced-exchanges")
    class AnnouncedExchanges extends AnnouncedExchangesContract {

        AnnouncedExchanges() {
            super(target().oncePerContainer());
        }
    }

    @Nested
    @Tag("faults")
    class Freeze extends FreezeContract {

        Freeze() {
            super(target());
        }
    }

    @Nested
    @Tag("faults")
    class Clock extends ClockContract {

        Clock() {
            super(target());
        }
    }

    @Nested
    @Tag("faults")
    class FaultySurroundings extends FaultySurroundingsContract {

        FaultySurroundings() {
            super(target());
        }
    }

    @Nested
    @Tag("faults")
    class Smuggling extends SmugglingContract {

        Smuggling() {
            super(target());
        }
    }

    @Nested
    @Tag("faults")
    class FaultyClients extends FaultyClientsContract {

        FaultyClients() {
            super(target());
        }
    }

    @Nested
    @Tag("faults")
    class Soak extends SoakContract {

        Soak() {
            super(target());
        }
    }
}
