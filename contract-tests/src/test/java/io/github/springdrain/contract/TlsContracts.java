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
            super(target());
        }
    }

    @Nested
    @Tag("long-lived")
    class LongLived extends OpenEndedContract {

        LongLived() {
            super(target());
        }
    }
}
