package dev.latchkey.envelope;

/**
 * An opened reading.
 *
 * @param partialIv its number in the session
 * @param contents what it says
 */
public record Opening(int partialIv, Contents contents) {}
