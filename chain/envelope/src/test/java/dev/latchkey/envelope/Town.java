package dev.latchkey.envelope;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cose.EcVerifier;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.cose.StrictEcVerifier;
import dev.latchkey.senml.Pack;
import dev.latchkey.senml.Record;
import dev.latchkey.transaction.ChainId;
import java.math.BigDecimal;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;

/** Members of one chain: ann sends, bob and cyd receive, mal is a member too. */
final class Town {
    static final Instant NOW = Instant.ofEpochSecond(1_795_305_600L);
    static final EcVerifier VERIFIER = StrictEcVerifier.bouncy();
    static final ChainContext CONTEXT = new ChainContext(
            new ChainId(Digest.sha256(Bytes.utf8("chain"))), "seattle", 1_000_000, Digest.sha256(Bytes.utf8("block")));

    final SecureRandom random = new CountingRandom(42);
    final KeyPair annSig = KeyPair.generate(random);
    final KeyPair malSig = KeyPair.generate(random);
    final KeyPair bobKex = KeyPair.generate(random);
    final KeyPair cydKex = KeyPair.generate(random);
    final Author ann = new Author("ann", annSig, random);
    final Receiver bob = new Receiver("bob", bobKex);
    final Receiver cyd = new Receiver("cyd", cydKex);
    final Addressee toBob = new Addressee("bob", bobKex.publicKey());
    final Addressee toCyd = new Addressee("cyd", cydKex.publicKey());
    final MemoryStore store = new MemoryStore();

    Opened open(Addressee... to) {
        return ann.open(CONTEXT, List.of(to), NOW, store);
    }

    VerifiedOpener verified(Bytes opener) throws RefusedMessageException {
        return OpenerVerifier.verify(opener, CONTEXT, "ann", annSig.publicKey(), VERIFIER);
    }

    ReceivingSession accept(Receiver receiver, Bytes opener) throws RefusedMessageException {
        return accepted(receiver, opener).session();
    }

    Accepted accepted(Receiver receiver, Bytes opener) throws RefusedMessageException {
        return receiver.accept(verified(opener), NOW, NOW, new MemoryStore());
    }

    static Pack pack(double value) {
        return Pack.at(NOW, Record.of("temp", "Cel", BigDecimal.valueOf(value)));
    }

    static Bytes reading(double value) {
        return pack(value).toCbor();
    }
}
