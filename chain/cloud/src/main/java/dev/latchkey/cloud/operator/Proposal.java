package dev.latchkey.cloud.operator;

import dev.latchkey.protocol.PartTransaction;
import java.util.List;

/**
 * A transaction that nobody has signed yet, and who shall. Immutable.
 *
 * @param part what is to be signed
 * @param wording what it says, for people
 * @param hands who signs now
 * @param missing how many operators have to sign after that
 * @param stem what a file of it is called, without its ending
 */
record Proposal(PartTransaction part, Wording wording, List<Hand> hands, int missing, String stem) {
    Proposal {
        hands = List.copyOf(hands);
    }

    /** What is to be signed, with the signatures of all hands. */
    PartTransaction signed() {
        PartTransaction signed = part;
        for (Hand hand : hands) {
            signed = hand.pen().apply(signed);
        }
        return signed;
    }
}
