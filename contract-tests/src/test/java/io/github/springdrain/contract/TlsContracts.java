// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.contract;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;

/** What a variant has to show with TLS. */
abstract class TlsContracts extends TransportContracts {

    TlsContracts(Variant variant) {
        super(variant, true);
    }

    @Nested
    @Tag("departure")
    class Departing extends TlsShutdownContract {

        Departing() {
            super(target());
        }
    }

    @Nested
    @Tag("storm")
    class ConnectionStorm extends StormContract {

        ConnectionStorm() {
            super(target().oncePerContainer());
        }
    }

    @Nested
    @Tag("open-ended")
    class OpenEnded extends OpenEndedContract {

        OpenEnded() {
            super(target().oncePerContainer());
        }
    }
}
