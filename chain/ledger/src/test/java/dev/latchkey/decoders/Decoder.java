package dev.latchkey.decoders;

import dev.latchkey.bytes.Bytes;

/**
 * One decoder and bytes that it accepts.
 *
 * @param name what the bytes are
 * @param sample well-formed bytes
 * @param refusal the one exception by which it refuses
 * @param reader decodes, and encodes again what it understood
 */
public record Decoder(String name, Bytes sample, Class<? extends Exception> refusal, Reader reader) {
    /** Decodes and encodes again. */
    @FunctionalInterface
    public interface Reader {
        Bytes again(Bytes encoded) throws Exception;
    }

    /**
     * Gives the decoder an input of whatever kind.
     *
     * @return whether it took the input for what it is
     * @throws AssertionError if it neither refused it by its exception nor understood exactly these bytes
     */
    public boolean takes(Bytes input) {
        Bytes again;
        try {
            again = reader.again(input);
        } catch (Exception | StackOverflowError | OutOfMemoryError e) {
            if (refusal.isInstance(e)) {
                return false;
            }
            throw new AssertionError(name + " ends in another exception: " + input.toHex(), e);
        }
        if (!again.equals(input)) {
            throw new AssertionError(name + " takes " + input.toHex() + " for " + again.toHex());
        }
        return true;
    }

    @Override
    public String toString() {
        return name;
    }
}
