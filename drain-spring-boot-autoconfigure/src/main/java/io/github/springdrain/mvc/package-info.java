/** Responses of Spring MVC that go on for ever, and how a drain ends them. */
@NullMarked
package io.github.springdrain.mvc;

import org.jspecify.annotations.NullMarked;
