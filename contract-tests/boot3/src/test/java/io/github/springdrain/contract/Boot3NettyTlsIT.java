package io.github.springdrain.contract;

final class Boot3NettyTlsIT extends TlsContracts {

    Boot3NettyTlsIT() {
        super(Variant.BOOT3_NETTY);
    }
}
