/**
 * What the contract tests and the demo are made of: raw-socket clients that distinguish every way an exchange can end,
 * real server processes, and a network with delay.
 */
@NullMarked
package io.github.springdrain.contract;

import org.jspecify.annotations.NullMarked;
