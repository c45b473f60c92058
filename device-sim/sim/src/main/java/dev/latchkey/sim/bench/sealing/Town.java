package dev.latchkey.sim.bench.sealing;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cose.EcVerifier;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.envelope.Accepted;
import dev.latchkey.envelope.Addressee;
import dev.latchkey.envelope.Author;
import dev.latchkey.envelope.ChainContext;
import dev.latchkey.envelope.CounterStore;
import dev.latchkey.envelope.Opened;
import dev.latchkey.envelope.OpenerVerifier;
import dev.latchkey.envelope.Receiver;
import dev.latchkey.envelope.RefusedMessageException;
import dev.latchkey.host.EcProviders;
import dev.latchkey.transaction.ChainId;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;

/** A sender and its recipients on the chain {@code seattle} at height 1,000,000. For one thread. */
final class Town {
    /** Counters are kept in memory: what a disk takes is no part of this. */
    static final CounterStore NO_DISK = state -> {};

    private static final String SENDER = "d-one";
    private static final ChainContext CONTEXT = new ChainContext(
            new ChainId(Digest.sha256(Bytes.utf8("chain"))), "seattle", 1_000_000, Digest.sha256(Bytes.utf8("block")));

    private final EcVerifier verifier = EcProviders.verifier();
    private final KeyPair sig;
    private final Author author;
    private final Receiver first;
    private final List<Addressee> addressees = new ArrayList<>();

    Town(int recipients) {
        SecureRandom random = new SecureRandom();
        sig = KeyPair.generate(random);
        author = new Author(SENDER, sig, random);
        KeyPair kex = KeyPair.generate(random);
        first = new Receiver("d-0", kex);
        for (int i = 0; i < recipients; i++) {
            addressees.add(new Addressee("d-" + i, kex.publicKey()));
            kex = KeyPair.generate(random);
        }
    }

    String sender() {
        return SENDER;
    }

    Opened open(Bytes pack) {
        return author.open(CONTEXT, addressees, pack, SamplePack.NOW, NO_DISK);
    }

    /** What the first recipient does with an opener, the check of its signature included. */
    Accepted accept(Bytes opener) throws RefusedMessageException {
        return first.accept(
                OpenerVerifier.verify(opener, CONTEXT, SENDER, sig.publicKey(), verifier),
                SamplePack.NOW,
                SamplePack.NOW,
                NO_DISK);
    }
}
