package dev.latchkey.sim.bench.sealing;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.senml.Pack;
import java.util.Optional;

/**
 * One way to seal the sample pack from one member to others, who know each other's long-lived keys. For one thread.
 * Messages are opened in the order in which they were sealed, each once.
 */
public interface Sealing {
    /** What is sealed how. */
    String title();

    /** The Content-Format under which the message travels; 42, octets, where none is registered. */
    int contentFormat();

    /** Sets up what is not part of sealing one message; called before each run of at most 200. */
    void prepare() throws Exception;

    /** A new message. */
    Bytes seal() throws Exception;

    /**
     * Does all that a recipient does with a message before it has the pack's values.
     *
     * @return the pack, if the message holds one
     * @throws Exception if the message does not open
     */
    Optional<Pack> open(Bytes message) throws Exception;
}
