package dev.latchkey.gateway.uplink;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.proof.VerifiedPolicy;
import java.util.List;

/**
 * The way from a chain's id to its keys of today, checked.
 *
 * @param transactions genesis and what changed the policy since, encoded
 * @param policy where it leads
 */
public record PolicyWalk(List<Bytes> transactions, VerifiedPolicy policy) {
    public PolicyWalk {
        transactions = List.copyOf(transactions);
    }
}
