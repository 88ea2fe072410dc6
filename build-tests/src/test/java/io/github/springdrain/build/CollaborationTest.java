// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.build;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The files in {@code .github}. */
class CollaborationTest {

    private static final Pattern SCRIPT = Pattern.compile("\\.ci/[a-z]+");

    private static final Pattern VERSION = Pattern.compile("v\\d+");

    static List<String> workflows() throws IOException {
        return ProjectFile.list(".github/workflows", ".yml");
    }

    static List<String> issueForms() throws IOException {
        List<String> forms = new ArrayList<>(ProjectFile.list(".github/ISSUE_TEMPLATE", ".yml"));
        forms.remove(".github/ISSUE_TEMPLATE/config.yml");
        return forms;
    }

    @ParameterizedTest
    @MethodSource("workflows")
    void aWorkflowEndsInBoundedTimeAndMayOnlyReadUnlessItSaysSo(String file) throws IOException {
        JsonNode workflow = ProjectFile.yaml(file);
        assertThat(workflow.at("/permissions/contents").asText()).isEqualTo("read");
        assertThat(workflow.has("on")).isTrue();
        assertThat(workflow.path("jobs")).isNotEmpty().allSatisfy((job) -> {
            assertThat(job.path("runs-on").asText()).isNotEmpty();
            assertThat(job.path("timeout-minutes").asInt()).isPositive();
            assertThat(job.path("steps")).isNotEmpty().allSatisfy(CollaborationTest::checkStep);
        });
    }

    private static void checkStep(JsonNode step) {
        assertThat(step.has("uses")).as(step.toString()).isNotEqualTo(step.has("run"));
        if (step.has("uses")) {
            assertThat(step.get("uses").asText()).matches("[a-z-]+/[a-z-]+(/[a-z-]+)?@" + VERSION);
        }
        Matcher script = SCRIPT.matcher(step.path("run").asText());
        while (script.find()) {
            Path file = ProjectFile.ROOT.resolve(script.group());
            assertThat(Files.isExecutable(file)).as(file.toString()).isTrue();
        }
    }

    @Test
    void theMatrixHasEveryJdkAndEveryLineOfSpringBootThatTheReadmeNames() throws IOException {
        JsonNode matrix = ProjectFile.yaml(".github/workflows/matrix.yml").at("/jobs/matrix/strategy/matrix");
        String readme = ProjectFile.text("README.md");
        assertThat(matrix.path("java")).extracting(JsonNode::asInt).containsExactly(17, 21, 25);
        assertThat(matrix.path("boot")).hasSize(3).allSatisfy((boot) -> {
            assertThat(readme).contains("| Spring Boot " + boot.path("line").asText() + " |");
            for (String module : boot.path("modules").asText().split(",", -1)) {
                assertThat(ProjectFile.ROOT.resolve(module).resolve("pom.xml")).exists();
            }
        });
    }

    @Test
    void theMatrixTestsTheNewestLineWithoutAnOverride() throws IOException {
        JsonNode boots = ProjectFile.yaml(".github/workflows/matrix.yml").at("/jobs/matrix/strategy/matrix/boot");
        Map<String, String> lineByProperty = Map.of("boot3.version", "3.5", "boot4.version", "4.1");
        for (Map.Entry<String, String> entry : lineByProperty.entrySet()) {
            assertThat(Pom.text(Pom.read(ProjectFile.ROOT.resolve("pom.xml")), "properties/" + entry.getKey()))
                    .startsWith(entry.getValue() + ".");
            assertThat(boots)
                    .filteredOn((boot) -> boot.path("line").asText().equals(entry.getValue()))
                    .singleElement()
                    .satisfies((boot) -> assertThat(boot.has("properties")).isFalse());
        }
    }

    @ParameterizedTest
    @MethodSource("issueForms")
    void anIssueFormHasLabelsForEverythingThatIsFilledIn(String file) throws IOException {
        JsonNode form = ProjectFile.yaml(file);
        assertThat(List.of(form.path("name"), form.path("description")))
                .allSatisfy((text) -> assertThat(text.asText()).isNotEmpty());
        List<String> ids = new ArrayList<>();
        for (JsonNode element : form.path("body")) {
            if (!element.path("type").asText().equals("markdown")) {
                ids.add(element.path("id").asText());
                assertThat(element.at("/attributes/label").asText()).isNotEmpty();
            }
        }
        assertThat(ids).isNotEmpty().doesNotHaveDuplicates().doesNotContain("");
    }

    @Test
    void whoeverReportsALossIsAskedForTheLinesOfTheLog() throws IOException {
        JsonNode form = ProjectFile.yaml(".github/ISSUE_TEMPLATE/lost-request.yml");
        assertThat(asked(form, "start-up")).contains("\"Accept queue of\"");
        assertThat(asked(form, "drain")).contains("\"Drain report\"");
        assertThat(ProjectFile.text("docs/troubleshooting.md")).contains("### `Accept queue of`", "### `Drain report:");
    }

    private static String asked(JsonNode form, String id) {
        for (JsonNode element : form.path("body")) {
            if (element.path("id").asText().equals(id)) {
                assertThat(element.at("/validations/required").asBoolean()).isTrue();
                return element.at("/attributes/description").asText();
            }
        }
        throw new AssertionError("no " + id);
    }

    @Test
    void dependenciesAreKeptUpToDate() throws IOException {
        JsonNode dependabot = ProjectFile.yaml(".github/dependabot.yml");
        assertThat(dependabot.path("version").asInt()).isEqualTo(2);
        assertThat(dependabot.path("updates"))
                .extracting((update) -> update.path("package-ecosystem").asText())
                .containsExactlyInAnyOrder("maven", "github-actions");
    }
}
