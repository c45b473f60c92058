package dev.latchkey.device;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cose.KeyId;
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
import dev.latchkey.envelope.VerifiedOpener;
import dev.latchkey.senml.Pack;
import dev.latchkey.senml.Record;
import dev.latchkey.transaction.ChainId;
import java.math.BigDecimal;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;

/** Two members of a chain without a network: ann seals to bob. */
final class Pair {
    static final Instant NOW = Instant.ofEpochSecond(1_795_305_600L);
    static final Bytes PACK = reading(21.5);

    private static final ChainContext CONTEXT = new ChainContext(
            new ChainId(Digest.sha256(Bytes.utf8("chain"))), "seattle", 1_000, Digest.sha256(Bytes.utf8("block")));

    private final SecureRandom random = new SecureRandom();
    private final KeyPair sig = KeyPair.generate(random);
    private final KeyPair kex = KeyPair.generate(random);
    private final Addressee bob = new Addressee("bob", kex.publicKey());
    private final Addressee cyd = new Addressee("cyd", KeyPair.generate(random).publicKey());

    static Bytes reading(double value) {
        return Pack.at(NOW, Record.of("temp", "Cel", BigDecimal.valueOf(value))).toCbor();
    }

    Opened open(CounterStore store) {
        return open(List.of(bob), store);
    }

    /** For bob and cyd. */
    Opened openForBoth(CounterStore store) {
        return open(List.of(bob, cyd), store);
    }

    private Opened open(List<Addressee> recipients, CounterStore store) {
        return new Author("ann", sig, random).open(CONTEXT, recipients, NOW, store);
    }

    KeyId author() {
        return sig.publicKey().kid();
    }

    /** The kid by which bob is listed. */
    KeyId exchange() {
        return kex.publicKey().kid();
    }

    VerifiedOpener verified(Bytes opener) throws RefusedMessageException {
        return OpenerVerifier.verify(opener, CONTEXT, "ann", sig.publicKey(), TestGateway.VERIFIER);
    }

    Accepted accept(Bytes opener) throws RefusedMessageException {
        return accept(verified(opener), state -> {});
    }

    Accepted accept(VerifiedOpener opener, CounterStore store) throws RefusedMessageException {
        return new Receiver("bob", kex).accept(opener, NOW, NOW, store);
    }
}
