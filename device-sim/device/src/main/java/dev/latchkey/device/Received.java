package dev.latchkey.device;

import dev.latchkey.bytes.Digest;
import dev.latchkey.envelope.Contents;
import java.time.Instant;
import java.util.OptionalInt;

/**
 * A pack that was sealed to this device, opened and checked.
 *
 * @param chainName the chain that the sender is a member of: of two that have one name in two chains only one is meant
 * @param sender the member that sealed it, as proved by that chain
 * @param session the session it came in
 * @param acceptedAt when the sender's gateway took it, by that gateway's clock
 * @param partialIv its number in the session, which with session and sender names it; none for a pack inside an opener
 * @param contents what it says
 */
public record Received(
        String chainName,
        String sender,
        Digest session,
        Instant acceptedAt,
        OptionalInt partialIv,
        Contents contents) {}
