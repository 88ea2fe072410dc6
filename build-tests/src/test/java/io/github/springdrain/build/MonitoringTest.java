// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.build;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.springdrain.Drain;
import io.github.springdrain.DrainPhase;
import io.github.springdrain.metrics.DrainMetrics;
import io.micrometer.core.instrument.Meter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The dashboard and the rules in {@code deploy/monitoring}, which use the meters that the library registers. */
class MonitoringTest {

    private static final String DASHBOARD = "deploy/monitoring/grafana-dashboard.json";

    private static final String RULES = "deploy/monitoring/prometheus-rules.yaml";

    private static final String RULE_TESTS = "deploy/monitoring/prometheus-rules.test.yaml";

    /** Not those of recording rules, whose names have colons. */
    private static final Pattern METRIC = Pattern.compile("\\bserver_drain_[a-z_]+\\b(?!:)");

    private static final Pattern PROPERTY = Pattern.compile("\\bserver\\.drain\\.[a-z-]+(?:\\.[a-z-]+)*");

    @Test
    void theRulesUseMetersThatExist() throws IOException {
        List<String> expressions = expressions(ProjectFile.yaml(RULES), "expr");
        assertThat(expressions).hasSizeGreaterThan(3);
        assertThat(metrics(expressions)).isNotEmpty().isSubsetOf(registered());
    }

    @Test
    void theDashboardShowsEveryMeterAndNoOther() throws IOException {
        assertThat(metrics(expressions(ProjectFile.json(DASHBOARD), "expr"))).isEqualTo(registered());
    }

    @Test
    void theSeriesInTheTestsOfTheRulesAreMetersThatExist() throws IOException {
        assertThat(metrics(expressions(ProjectFile.yaml(RULE_TESTS), "series")))
                .isNotEmpty()
                .isSubsetOf(registered());
    }

    @Test
    void everyAlertSaysHowSevereItIsAndWhatToDo() throws IOException {
        Set<String> names = new HashSet<>();
        String properties = ProjectFile.text("docs/properties.md");
        for (JsonNode group : ProjectFile.yaml(RULES).path("groups")) {
            for (JsonNode rule : group.path("rules")) {
                if (rule.has("alert")) {
                    assertThat(names.add(rule.path("alert").asText())).isTrue();
                    assertThat(rule.at("/labels/severity").asText()).isIn("warning", "critical");
                    assertThat(rule.at("/annotations/summary").asText()).contains("$labels.instance");
                    String description = rule.at("/annotations/description").asText();
                    assertThat(description).isNotEmpty();
                    assertThat(matches(PROPERTY, description))
                            .allSatisfy((property) -> assertThat(properties).contains("`" + property + "`"));
                }
            }
        }
        assertThat(names).hasSizeGreaterThan(3);
    }

    @Test
    void aPanelHasAPlaceATitleAndTheDataSourceThatIsChosen() throws IOException {
        JsonNode dashboard = ProjectFile.json(DASHBOARD);
        Set<Integer> ids = new HashSet<>();
        boolean[][] taken = new boolean[100][24];
        assertThat(dashboard.path("panels")).hasSizeGreaterThan(5).allSatisfy((panel) -> {
            assertThat(ids.add(panel.path("id").asInt())).isTrue();
            assertThat(panel.path("title").asText()).isNotEmpty();
            assertThat(panel.at("/datasource/uid").asText()).isEqualTo("${datasource}");
            take(taken, panel.path("gridPos"));
        });
        assertThat(expressions(dashboard.path("templating"), "name")).containsExactly("datasource", "job", "instance");
    }

    @Test
    void thePhasesOfTheDashboardAreThoseOfTheDocumentation() throws IOException {
        JsonNode names = ProjectFile.json(DASHBOARD).at("/panels/0/fieldConfig/defaults/mappings/0/options");
        List<String> phases = new ArrayList<>();
        for (int number = 0; names.has(Integer.toString(number)); number++) {
            phases.add(number + " `" + names.at("/" + number + "/text").asText() + "`");
        }
        assertThat(ProjectFile.text("docs/observability.md")).contains(String.join(", ", phases));
        assertThat(phases).hasSameSizeAs(DrainPhase.values());
    }

    private static void take(boolean[][] taken, JsonNode place) {
        for (int y = 0; y < place.path("h").asInt(); y++) {
            for (int x = 0; x < place.path("w").asInt(); x++) {
                boolean[] row = taken[place.path("y").asInt() + y];
                assertThat(row[place.path("x").asInt() + x]).isFalse();
                row[place.path("x").asInt() + x] = true;
            }
        }
    }

    /** Names as Prometheus gets them, with unit and suffix. */
    private static Set<String> registered() {
        Drain unused = (Drain) Proxy.newProxyInstance(
                MonitoringTest.class.getClassLoader(), new Class<?>[] {Drain.class}, (proxy, method, arguments) -> {
                    throw new UnsupportedOperationException(method.getName());
                });
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        new DrainMetrics(unused, () -> {
                    throw new UnsupportedOperationException();
                })
                .bindTo(registry);
        Set<String> names = new TreeSet<>();
        for (Meter meter : registry.getMeters()) {
            Meter.Id id = meter.getId();
            String name = id.getConventionName(registry.config().namingConvention());
            boolean counter = id.getType() == Meter.Type.COUNTER;
            names.add(counter && !name.endsWith("_total") ? name + "_total" : name);
        }
        return names;
    }

    private static Set<String> metrics(List<String> expressions) {
        Set<String> metrics = new TreeSet<>();
        expressions.forEach((expression) -> metrics.addAll(matches(METRIC, expression)));
        return metrics;
    }

    private static List<String> matches(Pattern pattern, String text) {
        return pattern.matcher(text).results().map(MatchResult::group).toList();
    }

    private static List<String> expressions(JsonNode node, String field) {
        return node.findValuesAsText(field);
    }
}
