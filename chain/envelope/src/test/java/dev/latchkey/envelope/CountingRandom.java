package dev.latchkey.envelope;

import java.security.SecureRandom;

/** Random bytes that are the same in every run: 1, 2, 3 and so on, each mixed with a seed. */
final class CountingRandom extends SecureRandom {
    private static final long serialVersionUID = 1L;

    private final java.util.Random source;

    CountingRandom(long seed) {
        super(
                new java.security.SecureRandomSpi() {
                    private static final long serialVersionUID = 1L;

                    @Override
                    protected void engineSetSeed(byte[] seed) {}

                    @Override
                    protected void engineNextBytes(byte[] bytes) {}

                    @Override
                    protected byte[] engineGenerateSeed(int size) {
                        return new byte[size];
                    }
                },
                null);
        this.source = new java.util.Random(seed);
    }

    @Override
    public void nextBytes(byte[] bytes) {
        source.nextBytes(bytes);
    }
}
