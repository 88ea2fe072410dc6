// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.build;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.springdrain.Drain;
import io.github.springdrain.autoconfigure.DrainAutoConfiguration;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;

/** What {@code docs/platforms.md} and the unit files ask operators to set. */
class PlatformsTest {

    private static final Pattern PROPERTIES = Pattern.compile("```properties\n(.*?)```", Pattern.DOTALL);

    private static final Pattern GRACE_PERIOD = Pattern.compile("termination-grace-period=(\\d+)s");

    private static final Pattern ENVIRONMENT = Pattern.compile("(?m)^Environment=([A-Z_]+)=(.*)$");

    static List<String> blocks() throws IOException {
        return PROPERTIES
                .matcher(ProjectFile.text("docs/platforms.md"))
                .results()
                .map((block) -> block.group(1))
                .toList();
    }

    static List<String> units() throws IOException {
        return ProjectFile.list("deploy/systemd", ".service");
    }

    @Test
    void thereIsSomethingToCheck() throws IOException {
        assertThat(blocks()).hasSizeGreaterThan(2);
        assertThat(units()).hasSize(4);
    }

    @ParameterizedTest
    @MethodSource("blocks")
    void theShutdownFitsInWhatThePlatformWaitsAndInNoLess(String properties) {
        runner(properties.lines())
                .run((context) -> assertThat(context).hasNotFailed().hasSingleBean(Drain.class));
        String shorter = GRACE_PERIOD.matcher(properties).replaceFirst((found) -> {
            int lessThanTheDrain = Integer.parseInt(found.group(1)) / 2;
            return "termination-grace-period=" + lessThanTheDrain + "s";
        });
        assertThat(shorter).isNotEqualTo(properties);
        runner(shorter.lines()).run((context) -> assertThat(context).hasFailed());
    }

    @ParameterizedTest
    @MethodSource("units")
    void aUnitWaitsAsLongAsTheApplicationExpects(String file) throws IOException {
        String unit = ProjectFile.text(file);
        List<String> settings =
                ENVIRONMENT.matcher(unit).results().map(PlatformsTest::property).toList();
        assertThat(settings).anySatisfy((setting) -> {
            assertThat(setting).startsWith("server.drain.kubernetes.terminationgraceperiod=");
            assertThat(unit).contains("\nTimeoutStopSec=" + setting.substring(setting.indexOf('=') + 1) + "\n");
        });
        runner(settings.stream())
                .run((context) -> assertThat(context).hasNotFailed().hasSingleBean(Drain.class));
    }

    private static String property(MatchResult variable) {
        return variable.group(1).toLowerCase(Locale.ROOT).replace('_', '.') + "=" + variable.group(2);
    }

    private static WebApplicationContextRunner runner(Stream<String> properties) {
        return new WebApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(DrainAutoConfiguration.class))
                .withPropertyValues(properties.toArray(String[]::new));
    }
}
