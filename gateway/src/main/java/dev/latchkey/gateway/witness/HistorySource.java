package dev.latchkey.gateway.witness;

import dev.latchkey.bytes.Bytes;
import java.io.IOException;

/** Where headers of a history that is not this gateway's own can be had; nobody trusts what comes from there. */
@FunctionalInterface
public interface HistorySource {
    /**
     * The header of a height and its path under a checkpoint's history root, {@code [bstr header, [* digest]]}.
     *
     * @param height of the header
     * @param under the checkpoint's height
     */
    Bytes headerProof(long height, long under) throws IOException, InterruptedException;
}
