package dev.latchkey.gateway.replica;

import dev.latchkey.transaction.ChainId;
import dev.latchkey.transaction.MemberRecord;

/**
 * What one chain says of a member.
 *
 * @param chain the chain
 * @param record its newest verified record there
 */
public record Membership(ChainId chain, MemberRecord record) {}
