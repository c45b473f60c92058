package dev.latchkey.cloud.raft;

import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import javax.net.ssl.KeyManager;
import javax.net.ssl.TrustManager;

/**
 * How the members of a cluster reach each other. Immutable.
 *
 * @param self this node
 * @param listenHost where to listen, with the port of {@code listenPort}
 * @param founders the members, this node among them, with which the groups begin; empty for a node that joins a cluster
 *     and learns its members there
 * @param known members that may connect although no group names them yet
 * @param retention how much of the log is kept
 * @param ownKey shows this node's TLS key
 * @param trust makes a manager that takes exactly the keys whose text the predicate knows
 */
public record Transport(
        Member self,
        String listenHost,
        int listenPort,
        List<Member> founders,
        List<Member> known,
        Retention retention,
        KeyManager ownKey,
        Function<Predicate<String>, TrustManager> trust) {}
