// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HTTPGetAction;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.github.springdrain.Drain;
import io.github.springdrain.autoconfigure.DrainAutoConfiguration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.core.env.SystemEnvironmentPropertySource;

class ManifestTest {

    private static final String PLAIN = "deployment.yaml";

    private static final String WITH_PRE_STOP = "deployment-prestop.yaml";

    @ParameterizedTest
    @ValueSource(strings = {PLAIN, WITH_PRE_STOP})
    void aDeploymentHasOnlyFieldsThatKubernetesKnows(String file) throws JsonProcessingException {
        Deployment deployment = Manifest.read(file, Deployment.class);
        assertThat(deployment.getApiVersion()).isEqualTo("apps/v1");
        assertThat(deployment.getKind()).isEqualTo("Deployment");
        assertThat(deployment.getSpec().getTemplate().getMetadata().getLabels())
                .containsAllEntriesOf(deployment.getSpec().getSelector().getMatchLabels());
    }

    @Test
    void anUnknownFieldIsNotOverlooked() {
        String misspelt = Manifest.text(PLAIN).replace("terminationGracePeriodSeconds", "terminationGracePeriodSecond");
        assertThatExceptionOfType(UnrecognizedPropertyException.class)
                .isThrownBy(() -> Manifest.parse(misspelt, Deployment.class))
                .withMessageContaining("terminationGracePeriodSecond");
    }

    @Test
    void theServiceLeadsToThePodsAndToTheApplicationOnly() throws JsonProcessingException {
        Service service = Manifest.read("service.yaml", Service.class);
        assertThat(service.getSpec().getSelector()).isEqualTo(labels());
        assertThat(service.getSpec().getPorts())
                .singleElement()
                .satisfies(
                        (port) -> assertThat(port.getTargetPort().getStrVal()).isEqualTo("http"));
    }

    @Test
    void theDisruptionBudgetIsForThePods() throws JsonProcessingException {
        PodDisruptionBudget budget = Manifest.read("pod-disruption-budget.yaml", PodDisruptionBudget.class);
        assertThat(budget.getApiVersion()).isEqualTo("policy/v1");
        assertThat(budget.getSpec().getSelector().getMatchLabels()).isEqualTo(labels());
    }

    @ParameterizedTest
    @ValueSource(strings = {PLAIN, WITH_PRE_STOP})
    void everyProbeAndHookIsOnTheManagementPort(String file) throws JsonProcessingException {
        Container container = container(file);
        Stream<HTTPGetAction> probes = Stream.of(
                        container.getStartupProbe(), container.getReadinessProbe(), container.getLivenessProbe())
                .map(Probe::getHttpGet);
        Stream<HTTPGetAction> hooks = (container.getLifecycle() == null)
                ? Stream.of()
                : Stream.of(container.getLifecycle().getPreStop().getHttpGet());
        assertThat(Stream.concat(probes, hooks))
                .allSatisfy((action) -> assertThat(action.getPort().getStrVal()).isEqualTo("management"));
        int port = container.getPorts().stream()
                .filter((candidate) -> candidate.getName().equals("management"))
                .mapToInt(ContainerPort::getContainerPort)
                .sum();
        assertThat(environment(file)).containsEntry("MANAGEMENT_SERVER_PORT", Integer.toString(port));
    }

    @ParameterizedTest
    @ValueSource(strings = {PLAIN, WITH_PRE_STOP})
    void theApplicationKnowsTheGracePeriodAndTheDrainFitsInIt(String file) throws JsonProcessingException {
        String gracePeriod = podSpec(file).getTerminationGracePeriodSeconds().toString();
        Map<String, Object> environment = environment(file);
        assertThat(environment).containsEntry("SERVER_DRAIN_KUBERNETES_TERMINATIONGRACEPERIOD", gracePeriod);
        runner(environment).run((context) -> assertThat(context).hasNotFailed().hasSingleBean(Drain.class));

        String shorter = Long.toString(Long.parseLong(gracePeriod) - 1);
        environment.put("SERVER_DRAIN_KUBERNETES_TERMINATIONGRACEPERIOD", shorter);
        runner(environment).run((context) -> assertThat(context).hasFailed());
    }

    /** Under a name that Spring Boot does not know, it is searched for misspelt variables too. */
    private static WebApplicationContextRunner runner(Map<String, Object> environment) {
        return new WebApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(DrainAutoConfiguration.class))
                .withPropertyValues("spring.main.cloud-platform=kubernetes")
                .withInitializer((context) -> context.getEnvironment()
                        .getPropertySources()
                        .addFirst(new SystemEnvironmentPropertySource("manifest-systemEnvironment", environment)));
    }

    private static Map<String, Object> environment(String file) throws JsonProcessingException {
        return container(file).getEnv().stream().collect(Collectors.toMap(EnvVar::getName, EnvVar::getValue));
    }

    private static Map<String, String> labels() throws JsonProcessingException {
        return Manifest.read(PLAIN, Deployment.class).getSpec().getSelector().getMatchLabels();
    }

    private static Container container(String file) throws JsonProcessingException {
        List<Container> containers = podSpec(file).getContainers();
        assertThat(containers).hasSize(1);
        return containers.get(0);
    }

    private static PodSpec podSpec(String file) throws JsonProcessingException {
        return Manifest.read(file, Deployment.class).getSpec().getTemplate().getSpec();
    }
}
