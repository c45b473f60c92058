package dev.latchkey.cloud.chain;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cose.CoseKey;
import dev.latchkey.cose.EcVerifier;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Computes no signature twice: a node checks a transaction before it enters the queue, and again with its block, from the
 * bytes that it read back. What is remembered is the hash of key, message and signature of what held in this process, so
 * another bit anywhere is computed anew. Thread-safe.
 */
public final class RememberedSignatures implements EcVerifier {
    /** More than wait for their block at any time: 8,192 transactions of four signatures. */
    private static final int MAX_REMEMBERED = 32_768;

    private final EcVerifier verifier;
    private final Map<Digest, Boolean> good = new LinkedHashMap<>() { // guarded by itself
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<Digest, Boolean> eldest) {
                    return size() > MAX_REMEMBERED;
                }
            };

    /** Remembers what a verifier found good. */
    public RememberedSignatures(EcVerifier verifier) {
        this.verifier = verifier;
    }

    @Override
    public boolean verify(CoseKey key, Bytes message, Bytes signature) {
        // key and hash of the message have one length, so no two triples have one encoding
        Digest what = Digest.sha256(key.encode(), Digest.sha256(message).bytes(), signature);
        synchronized (good) {
            if (good.containsKey(what)) {
                return true;
            }
        }
        boolean holds = verifier.verify(key, message, signature);
        if (holds) {
            synchronized (good) {
                good.put(what, true);
            }
        }
        return holds;
    }
}
