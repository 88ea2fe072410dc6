// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.acceptqueue.linux;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Watches whether the kernel sends cookies in response to SYNs. A handshake by cookie leaves no trace until its last segment
 * arrives, and that finds its listener as a SYN does: the device gate would refuse it, a SYN filter lets it pass.
 */
final class SynCookies {

    private static final String ALWAYS = "2";

    private static final String COUNTERS = "TcpExt:";

    private static final String SENT = "SyncookiesSent";

    private final ProcSelf proc;

    private final OptionalLong sentBefore;

    /** Starts to watch. */
    SynCookies(ProcSelf proc) {
        this.proc = proc;
        this.sentBefore = sent();
    }

    /** Why cookies have to be reckoned with; empty if they need not. */
    Optional<String> inUse() {
        if (isAlways()) {
            return Optional.of("net.ipv4.tcp_syncookies is " + ALWAYS);
        }
        OptionalLong sentNow = sent();
        if (this.sentBefore.isEmpty() || sentNow.isEmpty()) {
            return Optional.empty();
        }
        long sent = sentNow.getAsLong() - this.sentBefore.getAsLong();
        return (sent > 0) ? Optional.of("the kernel sent " + sent + " SYN cookies lately") : Optional.empty();
    }

    private boolean isAlways() {
        try {
            return this.proc.networkSetting("tcp_syncookies").equals(ALWAYS);
        } catch (IOException ex) {
            // Hidden from this process; the counter still shows it.
            return false;
        }
    }

    private OptionalLong sent() {
        try {
            return counter(this.proc.networkCounters());
        } catch (IOException | NumberFormatException ex) {
            return OptionalLong.empty();
        }
    }

    /** The table is pairs of lines: names, then values. */
    private static OptionalLong counter(List<String> lines) {
        for (int i = 0; i + 1 < lines.size(); i++) {
            if (lines.get(i).startsWith(COUNTERS)) {
                int column = ProcSelf.fields(lines.get(i)).indexOf(SENT);
                List<String> values = ProcSelf.fields(lines.get(i + 1));
                return (column > 0 && column < values.size())
                        ? OptionalLong.of(Long.parseLong(values.get(column)))
                        : OptionalLong.empty();
            }
        }
        return OptionalLong.empty();
    }
}
