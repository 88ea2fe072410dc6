// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.autoconfigure;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringBootVersion;
import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** Whether the user wants a drain. */
enum DrainSwitch {

    /** Said so, or said nothing. */
    ON,

    /** Said not. */
    OFF,

    /** Wants the server to stop at once, and has not said that the drain is an exception. */
    OFF_BY_IMMEDIATE_SHUTDOWN;

    static DrainSwitch in(Environment environment) {
        Binder binder = Binder.get(environment);
        // As text: a value that is no boolean is left to the properties, which report it with its origin.
        String enabled =
                binder.bind(DrainProperties.PREFIX + ".enabled", String.class).orElse("");
        if (!enabled.isEmpty()) {
            return isFalse(enabled) ? OFF : ON;
        }
        String shutdown = binder.bind("server.shutdown", String.class).orElse("");
        return shutdown.equalsIgnoreCase("immediate") ? OFF_BY_IMMEDIATE_SHUTDOWN : ON;
    }

    /**
     * The outcome of the condition that the switch has this position.
     *
     * @throws SupportedLine.UnsupportedLineException if the drain is on, under a version that it does not support: before
     *     the first bean, which may fail there in any way
     */
    ConditionOutcome outcome(DrainSwitch actual, @Nullable String springBootVersion) {
        if (actual == ON) {
            SupportedLine.require(springBootVersion);
        }
        return new ConditionOutcome(
                actual == this,
                ConditionMessage.forCondition("Drain").because("server.drain.enabled makes it " + actual));
    }

    private static boolean isFalse(String text) {
        return text.equalsIgnoreCase("false") || text.equalsIgnoreCase("off") || text.equalsIgnoreCase("no");
    }

    /** Matches {@link #ON}. */
    static final class OnCondition extends SwitchCondition {

        OnCondition() {
            super(ON);
        }
    }

    /** Matches {@link #OFF_BY_IMMEDIATE_SHUTDOWN}. */
    static final class ImmediateShutdownCondition extends SwitchCondition {

        ImmediateShutdownCondition() {
            super(OFF_BY_IMMEDIATE_SHUTDOWN);
        }
    }

    private abstract static class SwitchCondition extends SpringBootCondition {

        private final DrainSwitch wanted;

        SwitchCondition(DrainSwitch wanted) {
            this.wanted = wanted;
        }

        @Override
        public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
            DrainSwitch actual = DrainSwitch.in(context.getEnvironment());
            return this.wanted.outcome(actual, SpringBootVersion.getVersion());
        }
    }
}
