package dev.latchkey.gateway.replica;

import java.util.Optional;

/** What stands behind a member that the chain does not have yet; asked on each request, by any thread. */
public interface Provisional {
    /** Whether the gateway's word still stands: the chain has neither taken nor refused the join, nor given the name away. */
    boolean stands();

    /** The member that it has become, once its join is in the chain. */
    Optional<MemberHandle> successor();

    /** Whether its join was refused. */
    boolean isRefused();
}
