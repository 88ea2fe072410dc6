// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.proof.handover;

import io.github.springdrain.contract.ChildProcess;
import io.github.springdrain.contract.ClassPath;
import io.github.springdrain.contract.ProcessOutput;
import io.github.springdrain.contract.SampleProcess;
import io.github.springdrain.contract.SharedPort;
import io.github.springdrain.contract.Transport;
import io.github.springdrain.contract.Variant;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** How a process leaves its port to the next one. */
interface Way {

    /** What tables call it. */
    String label();

    /** Whether nothing may be lost; where it is not so, something has to be. */
    boolean isLossless();

    /** Starts a process that serves the port, or will when the one before has left. */
    SharedPort.Holder start(SharedPort port, Transport transport);

    /**
     * The sample.
     *
     * @param variant which
     * @param gated whether with steering and the gate, or without both: the control
     */
    record Sample(Variant variant, boolean gated) implements Way {

        @Override
        public String label() {
            return this.variant.id() + (this.gated ? "" : ", gate off");
        }

        @Override
        public boolean isLossless() {
            return this.gated;
        }

        @Override
        public SharedPort.Holder start(SharedPort port, Transport transport) {
            SampleProcess.Builder sample = SampleProcess.of(this.variant)
                    .image(true)
                    .tls(transport.isTls())
                    .on(port.prefix(), port.number())
                    .with("--server.drain.reuse-port=true")
                    .with(transport.arguments());
            if (!this.gated) {
                sample.with("--server.drain.accept-queue.gate=off", "--server.drain.accept-queue.timeout=500ms");
            }
            return sample.start();
        }
    }

    /**
     * A server of a hundred lines that listens with {@code SO_REUSEPORT}, for what others do.
     *
     * @param close how it closes its listener
     */
    record Bare(BareServer.Close close) implements Way {

        @Override
        public String label() {
            return this.close.label();
        }

        @Override
        public boolean isLossless() {
            return false;
        }

        @Override
        public SharedPort.Holder start(SharedPort port, Transport transport) {
            List<String> command = new ArrayList<>(port.prefix());
            command.addAll(ClassPath.java(BareServer.class));
            command.addAll(List.of(Integer.toString(port.number()), this.close.name()));
            ChildProcess process = ChildProcess.start("bare-server", command);
            process.output().await(BareServer.READY::equals, Duration.ofSeconds(30));
            return new BareProcess(process);
        }

        private record BareProcess(ChildProcess process) implements SharedPort.Holder {

            @Override
            public long terminate() {
                return this.process.terminate();
            }

            @Override
            public ChildProcess.Exit awaitExit(Duration limit) {
                return this.process.awaitExit(limit);
            }

            @Override
            public ProcessOutput output() {
                return this.process.output();
            }

            @Override
            public void close() {
                this.process.close();
            }
        }
    }
}
