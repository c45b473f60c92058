/** Reading of published test vectors. */
package dev.latchkey.vectors;
