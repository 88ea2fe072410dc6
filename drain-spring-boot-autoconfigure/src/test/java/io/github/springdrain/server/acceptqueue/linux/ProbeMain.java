// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.acceptqueue.linux;

/** Prints what {@link ListenerGate#probe} finds. */
final class ProbeMain {

    private ProbeMain() {}

    public static void main(String[] args) {
        ListenerGate gate = ListenerGate.probe(ListenerGate.Mode.valueOf(args[0]));
        System.out.println(gate.level() + " " + gate.reason());
    }
}
