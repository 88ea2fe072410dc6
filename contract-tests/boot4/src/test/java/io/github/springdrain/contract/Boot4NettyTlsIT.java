package io.github.springdrain.contract;

final class Boot4NettyTlsIT extends TlsContracts {

    Boot4NettyTlsIT() {
        super(Variant.BOOT4_NETTY);
    }
}
