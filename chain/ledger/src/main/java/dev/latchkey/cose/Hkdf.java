package dev.latchkey.cose;

import dev.latchkey.bytes.Bytes;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.generators.HKDFBytesGenerator;
import org.bouncycastle.crypto.params.HKDFParameters;

/** HKDF with SHA-256 (RFC 5869); stateless. */
public final class Hkdf {
    /** RFC 5869, section 2.3: at most 255 blocks of the hash. */
    public static final int MAX_SIZE = 255 * 32;

    private Hkdf() {}

    /**
     * Extract and expand.
     *
     * @param salt may be empty, which means 32 zero bytes (RFC 5869, section 2.2)
     * @param size length of the result, 1 to {@link #MAX_SIZE} bytes
     */
    public static Bytes sha256(Bytes keyMaterial, Bytes salt, Bytes info, int size) {
        return generate(new HKDFParameters(keyMaterial.toArray(), salt.toArray(), info.toArray()), size);
    }

    /** Expand alone, from a pseudorandom key of at least 32 bytes (RFC 5869, section 2.3). */
    public static Bytes expand(Bytes pseudorandomKey, Bytes info, int size) {
        return generate(HKDFParameters.skipExtractParameters(pseudorandomKey.toArray(), info.toArray()), size);
    }

    private static Bytes generate(HKDFParameters parameters, int size) {
        if (size < 1 || size > MAX_SIZE) {
            throw new IllegalArgumentException("HKDF gives 1 to 8160 bytes");
        }
        HKDFBytesGenerator generator = new HKDFBytesGenerator(new SHA256Digest());
        generator.init(parameters);
        byte[] output = new byte[size];
        generator.generateBytes(output, 0, size);
        return Bytes.wrap(output);
    }
}
