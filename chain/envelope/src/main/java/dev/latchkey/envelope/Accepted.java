package dev.latchkey.envelope;

import java.util.Optional;

/**
 * A session that a recipient has just taken up.
 *
 * @param session what opens the readings after the opener
 * @param first the pack that came with the opener, if one did
 */
public record Accepted(ReceivingSession session, Optional<Contents> first) {}
