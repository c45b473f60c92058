package dev.latchkey.cloud.http;

import java.net.InetAddress;
import javax.net.ssl.SSLSession;

/**
 * What the server asks of those who know what it serves. Implementations are thread-safe and answer from memory.
 *
 * @param problems makes answers of refusals
 * @param clients tells clients apart
 * @param observer is told of what happens
 */
public record Doors(Problems problems, Clients clients, Observer observer) {
    /** Turns a refusal into an answer in the form that the client accepts. */
    @FunctionalInterface
    public interface Problems {
        /** The answer; {@code accept} is the request's Accept header and may be null. */
        Answer.Whole answer(Refusal refusal, String accept);
    }

    /** Tells clients apart. */
    @FunctionalInterface
    public interface Clients {
        /** Whose request it is that came in that TLS session from that address. */
        Client of(SSLSession tls, InetAddress remote);
    }

    /** Is told of answers; must not block. */
    public interface Observer {
        /**
         * An answer is ready to be written, or a stream begins.
         *
         * @param route the path with its variables, "none" where there is no such resource
         * @param seconds since the request's headers were read
         */
        void answered(String route, int status, double seconds);

        /** A request gets a problem with this code. */
        void refused(String code);

        /** A connection was closed because its client was too slow: {@code head}, {@code idle} or {@code reader}. */
        void cut(String why);
    }
}
