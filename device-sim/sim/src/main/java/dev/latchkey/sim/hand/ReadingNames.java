package dev.latchkey.sim.hand;

import dev.latchkey.device.Received;
import dev.latchkey.envelope.SenderUrn;
import dev.latchkey.senml.Measurement;

/**
 * How senders and quantities are called at a device: a name says who it is within a chain only.
 *
 * @param chainName the device's own
 */
record ReadingNames(String chainName) {
    String sender(Received pack) {
        return sender(pack.chainName(), pack.sender());
    }

    /** NAME, or NAME@CHAIN for a member of another chain. */
    String sender(String chain, String name) {
        return chain.equals(chainName) ? name : name + "@" + chain;
    }

    /** What was measured, without the sender that every resolved name begins with. */
    static String quantity(Received pack, Measurement measurement) {
        String baseName = SenderUrn.of(pack.chainName(), pack.sender());
        String name = measurement.name();
        return name.startsWith(baseName) ? name.substring(baseName.length()) : name;
    }
}
