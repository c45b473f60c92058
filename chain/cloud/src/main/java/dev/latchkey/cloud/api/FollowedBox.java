package dev.latchkey.cloud.api;

import dev.latchkey.bytes.Bytes;
import java.util.function.BooleanSupplier;

/**
 * A mailbox that somebody was allowed to read. Immutable.
 *
 * @param owner the owner's name
 * @param ownerId the owner's member id
 * @param after where to begin
 * @param allowed whether reading is still allowed; asked again while a stream is open
 */
record FollowedBox(String owner, Bytes ownerId, long after, BooleanSupplier allowed) {}
