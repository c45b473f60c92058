package dev.latchkey.envelope;

import java.util.Optional;

/**
 * A session that a recipient has just taken up.
 *
 * @param session what opens the readings of its author and of its other recipients
 * @param own what seals this recipient's own readings in it
 * @param first the pack that came with the opener, if one did
 */
public record Accepted(ReceivingSession session, SendingSession own, Optional<Contents> first) {}
