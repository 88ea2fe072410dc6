// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.contract;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;

/** What a variant has to show without TLS, and what TLS would change nothing in. */
abstract class PlainContracts extends TransportContracts {

    PlainContracts(Variant variant) {
        super(variant, false);
    }

    @Nested
    @Tag("departure")
    class Departing extends ShutdownContract {

        Departing() {
            super(target());
        }
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
            super(target().oncePerContainer());
        }
    }

    @Nested
    @Tag("hand-over")
    class HandOver extends HandOverContract {

        HandOver() {
            super(target().oncePerContainer());
        }
    }

    @Nested
    @Tag("hand-over")
    class Inheriting extends InheritedListenerContract {

        Inheriting() {
            super(target());
        }
    }

    @Nested
    @Tag("hand-over")
    @Tag("long")
    class SharedPortRoles extends SharedPortRolesContract {

        SharedPortRoles() {
            super(target());
        }
    }

    @Nested
    @Tag("hand-over")
    @Tag("long")
    class HandOverPlatforms extends HandOverPlatformsContract {

        HandOverPlatforms() {
            super(target().oncePerContainer());
        }
    }

    @Nested
    @Tag("systemd")
    @Tag("long")
    class Systemd extends SystemdContract {

        Systemd() {
            super(target());
        }
    }

    @Nested
    @Tag("storm")
    class ConnectionStorm extends PlainStormContract {

        ConnectionStorm() {
            super(target().oncePerContainer());
        }
    }

    @Nested
    @Tag("open-ended")
    class OpenEnded extends PlainOpenEndedContract {

        OpenEnded() {
            super(target().oncePerContainer());
        }
    }
}
