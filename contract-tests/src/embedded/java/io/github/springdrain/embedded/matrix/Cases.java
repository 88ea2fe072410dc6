// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.embedded.matrix;

import java.util.List;
import java.util.stream.Stream;

/** Every case of the matrix. */
final class Cases {

    private Cases() {}

    static List<Case> all() {
        return Stream.of(
                        ResponseCases.all(),
                        BodyCases.all(),
                        PipelineCases.all(),
                        SendfileCases.all(),
                        ErrorCases.all(),
                        AsyncCases.all(),
                        UpgradeCases.all(),
                        Http2Cases.all(),
                        ProxyProtocolCases.all())
                .flatMap(List::stream)
                .toList();
    }
}
