package io.github.springdrain.contract;

final class Boot4TomcatTlsIT extends TransportContracts {

    Boot4TomcatTlsIT() {
        super(Variant.BOOT4_TOMCAT, true);
    }
}
