package dev.latchkey.sim.conform;

import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.cose.MalformedCoseException;
import dev.latchkey.cose.MalformedKeyException;

/** Decides one case; safe for use by many threads. Whatever checked exception it throws is a rejection. */
@FunctionalInterface
interface Judge {
    Answer judge(Case given)
            throws MalformedCaseException, MalformedCborException, MalformedCoseException, MalformedKeyException;
}
