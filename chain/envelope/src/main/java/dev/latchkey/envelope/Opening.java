package dev.latchkey.envelope;

import java.util.List;

/**
 * An opened reading.
 *
 * @param partialIv its number among its sender's in the session
 * @param contents what it says
 * @param settled digests that waited for it
 */
public record Opening(int partialIv, Contents contents, List<Confirmation> settled) {
    public Opening {
        settled = List.copyOf(settled);
    }
}
