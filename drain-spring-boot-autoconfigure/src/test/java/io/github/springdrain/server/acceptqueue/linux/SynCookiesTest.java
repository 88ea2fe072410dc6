// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.acceptqueue.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SynCookiesTest {

    private FakeProc fake;

    @BeforeEach
    void create(@TempDir Path root) {
        this.fake = new FakeProc(root);
    }

    @Test
    void areNotInUseAsLongAsNoneIsSent() {
        this.fake.synCookies(1, 5);
        assertThat(new SynCookies(this.fake.proc()).inUse()).isEmpty();
    }

    @Test
    void areInUseOnceOneWasSent() {
        this.fake.synCookies(1, 5);
        SynCookies cookies = new SynCookies(this.fake.proc());
        this.fake.synCookies(1, 8);
        assertThat(cookies.inUse()).contains("the kernel sent 3 SYN cookies lately");
    }

    @Test
    void areInUseWhereTheKernelAlwaysSendsThem() {
        this.fake.synCookies(2, 0);
        assertThat(new SynCookies(this.fake.proc()).inUse()).contains("net.ipv4.tcp_syncookies is 2");
    }

    @Test
    void areStillCountedWhereTheSettingIsHidden() {
        this.fake.without("../sys/net/ipv4/tcp_syncookies");
        SynCookies cookies = new SynCookies(this.fake.proc());
        this.fake.file("net/netstat", "TcpExt: SyncookiesSent\nTcpExt: 1\n");
        assertThat(cookies.inUse()).isPresent();
    }

    @Test
    void areNotInUseWhereNothingIsShown() {
        this.fake.without("../sys/net/ipv4/tcp_syncookies").without("net/netstat");
        assertThat(new SynCookies(this.fake.proc()).inUse()).isEmpty();
    }

    @Test
    void areNotInUseWhereTheKernelDoesNotCountThem() {
        this.fake.file("net/netstat", "TcpExt: Other\nTcpExt: 1\n");
        SynCookies cookies = new SynCookies(this.fake.proc());
        this.fake.file("net/netstat", "TcpExt: Other\nTcpExt: 2\n");
        assertThat(cookies.inUse()).isEmpty();
    }
}
