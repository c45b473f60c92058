/** Reads the published test vectors from the directory that the system property {@code latchkey.vectors} names. */
package dev.latchkey.vectors;
