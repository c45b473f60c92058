package dev.latchkey.transaction;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;

/**
 * The identity of a chain: SHA-256("latchkey/1/genesis" ‖ body of the genesis transaction). Known to the operator before
 * anything is sent, and all that a device has to be told.
 */
public record ChainId(Digest digest) {
    /** Stands for the chain id in genesis' own signatures, which are made before the id exists. */
    public static final ChainId UNBORN = new ChainId(Digest.ZERO);

    private static final Bytes DOMAIN = Bytes.utf8("latchkey/1/genesis");

    /** The id of the chain that a genesis body begins. */
    public static ChainId ofGenesis(Bytes body) {
        return new ChainId(Digest.sha256(DOMAIN, body));
    }

    /**
     * Reads 64 hexadecimal digits.
     *
     * @throws IllegalArgumentException if the text is anything else
     */
    public static ChainId fromHex(String hex) {
        return new ChainId(Digest.of(Bytes.fromHex(hex)));
    }

    public Bytes bytes() {
        return digest.bytes();
    }

    public String toHex() {
        return digest.toHex();
    }

    @Override
    public String toString() {
        return toHex();
    }
}
