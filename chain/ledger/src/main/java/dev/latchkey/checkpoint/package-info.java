/** What replicas and witnesses sign about a chain's newest block. Decoded only; what verifies it is in dev.latchkey.proof. */
package dev.latchkey.checkpoint;
