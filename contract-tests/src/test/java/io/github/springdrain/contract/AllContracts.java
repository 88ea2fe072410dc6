package io.github.springdrain.contract;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;

/** What a variant has to show without TLS: everything, with what TLS would change nothing in. */
abstract class AllContracts extends TransportContracts {

    AllContracts(Variant variant) {
        super(variant, false);
    }

    @Nested
    @Tag("announcement")
    class Announcement extends AnnouncementContract {

        Announcement() {
            super(target());
        }
    }

    @Nested
    @Tag("end")
    class End extends EndContract {

        End() {
            super(target());
        }
    }

    @Nested
    @Tag("endpoint")
    class Endpoint extends EndpointContract {

        Endpoint() {
            super(target());
        }
    }

    @Nested
    @Tag("delayed-link")
    class Delayed extends DelayedLinkContract {

        Delayed() {
            super(target());
        }
    }
}
