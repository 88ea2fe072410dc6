package io.github.springdrain.server.tomcat;

import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.coyote.Request;
import org.apache.coyote.Response;
import org.apache.coyote.http2.Http2AsyncUpgradeHandler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The requests on the streams of an HTTP/2 connection, which Tomcat has no public way to. Looked up once, at start-up;
 * where a member is missing, one log line says so and the streams are only counted.
 */
final class Http2Requests {

    private static final Logger logger = LoggerFactory.getLogger(Http2Requests.class);

    private static final String STREAM = "org.apache.coyote.http2.Stream";

    private static final @Nullable Members MEMBERS = find();

    private Http2Requests() {}

    /** Looks everything up, which is what tells of a missing member. */
    static void probe() {
        logger.debug("Tomcat's HTTP/2 streams were looked up: {}", MEMBERS);
    }

    /** Whether the streams can be found. */
    static boolean isAvailable() {
        return MEMBERS != null;
    }

    /** The requests that have not been answered in full, as far as they can be found. */
    static List<Exchange> of(Object connection) {
        Members members = MEMBERS;
        List<Exchange> found = new ArrayList<>();
        if (members == null) {
            return found;
        }
        try {
            for (Object stream : members.streams(connection)) {
                if (members.isActive(stream)) {
                    found.add(new Exchange(
                            (Request) members.request.invoke(stream), (Response) members.response.invoke(stream)));
                }
            }
        } catch (ReflectiveOperationException | RuntimeException ex) {
            logger.debug("The streams of {} could not be read", connection, ex);
        }
        return found;
    }

    private static @Nullable Members find() {
        try {
            Class<?> stream = Class.forName(STREAM, false, Http2AsyncUpgradeHandler.class.getClassLoader());
            Field streams = Http2AsyncUpgradeHandler.class.getSuperclass().getDeclaredField("streams");
            streams.setAccessible(true);
            return new Members(
                    streams,
                    stream,
                    accessible(stream, "isActive"),
                    accessible(stream, "getCoyoteRequest"),
                    accessible(stream, "getCoyoteResponse"));
        } catch (ReflectiveOperationException | RuntimeException | LinkageError ex) {
            logger.warn(
                    "This Tomcat hides its HTTP/2 streams ({}): the report counts their requests only", ex.toString());
            return null;
        }
    }

    private static Method accessible(Class<?> type, String name) throws NoSuchMethodException {
        Method method = type.getDeclaredMethod(name);
        method.setAccessible(true);
        return method;
    }

    /** One request and what is answered to it. */
    record Exchange(Request request, Response response) {}

    /** What is read of a connection, and of a stream that has carried a request. */
    private record Members(Field streams, Class<?> stream, Method active, Method request, Method response) {

        Collection<?> streams(Object connection) throws ReflectiveOperationException {
            return (this.streams.get(connection) instanceof Map<?, ?> byId) ? byId.values() : List.of();
        }

        boolean isActive(Object candidate) throws ReflectiveOperationException {
            return this.stream.isInstance(candidate) && (boolean) this.active.invoke(candidate);
        }
    }
}
