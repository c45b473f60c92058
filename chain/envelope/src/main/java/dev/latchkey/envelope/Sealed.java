package dev.latchkey.envelope;

import dev.latchkey.bytes.Bytes;

/**
 * A sealed reading.
 *
 * @param partialIv its number in the session
 * @param message what to send, Content-Format 16; the same bytes again on every retry
 */
public record Sealed(int partialIv, Bytes message) {}
