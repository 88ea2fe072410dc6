/** The one class that has to stand in a package of Undertow's. */
@NullMarked
package io.undertow.protocols.http2;

import org.jspecify.annotations.NullMarked;
