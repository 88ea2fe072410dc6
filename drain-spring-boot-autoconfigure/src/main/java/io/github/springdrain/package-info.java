/**
 * The drain itself: phases, deadline, report, and the seams towards containers and towards work that is not HTTP.
 * Knows neither Spring nor any container.
 */
@NullMarked
package io.github.springdrain;

import org.jspecify.annotations.NullMarked;
