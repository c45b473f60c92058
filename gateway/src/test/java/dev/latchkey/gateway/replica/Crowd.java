package dev.latchkey.gateway.replica;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.checkpoint.SignedCheckpoint;
import dev.latchkey.cose.CoseKey;
import dev.latchkey.cose.CoseSign;
import dev.latchkey.cose.Headers;
import dev.latchkey.cose.KeyId;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.cose.MalformedKeyException;
import dev.latchkey.ledger.ChainState;
import dev.latchkey.ledger.Entry;
import dev.latchkey.ledger.Ledger;
import dev.latchkey.ledger.Step;
import dev.latchkey.merkle.HistoryTree;
import dev.latchkey.transaction.ChainId;
import dev.latchkey.transaction.Genesis;
import dev.latchkey.transaction.Identity;
import dev.latchkey.transaction.Join;
import dev.latchkey.transaction.MalformedTransactionException;
import dev.latchkey.transaction.MemberKeys;
import dev.latchkey.transaction.Policy;
import dev.latchkey.transaction.Role;
import dev.latchkey.transaction.TransactionSigning;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.math.ec.ECPoint;

/**
 * A chain with as many members as one likes, each joined by a block of its own. Their keys are distinct points of the
 * curve, one step of G apart, and nobody's; their signatures are filled in. So it can be replayed, which checks no
 * signature, and not verified. Genesis is real.
 */
final class Crowd {
    private static final X9ECParameters P256 = CustomNamedCurves.getByName("secp256r1");
    private static final int BATCH = 1_024;
    private static final Bytes FILLER = Bytes.wrap(new byte[64]);
    private static final Bytes NONCE = Bytes.wrap(new byte[8]);

    private final Identity admin = Identity.generate(new SecureRandom());
    private final KeyPair replica = KeyPair.generate(new SecureRandom());
    private final HistoryTree history = new HistoryTree();
    private final Bytes blockZero;
    private ECPoint last = P256.getG().multiply(new java.math.BigInteger(200, new SecureRandom()));
    private CoseKey[] keys = {};
    private int nextKey;
    private long joined;
    private ChainState state;

    Crowd() throws MalformedTransactionException {
        SecureRandom random = new SecureRandom();
        KeyPair operator = KeyPair.generate(random);
        Policy policy = Policy.first(
                new Policy.Operators(1, List.of(operator.publicKey())),
                new Policy.Replicas(
                        1,
                        List.of(new Policy.Replica(
                                replica.publicKey(), KeyPair.generate(random).publicKey()))));
        Identity gateway = Identity.generate(random);
        Genesis genesis = new Genesis(
                "city",
                "seattle",
                policy,
                System.currentTimeMillis(),
                List.of(
                        new Genesis.FirstMember("admin", Role.ADMIN, admin.keys(), Optional.empty()),
                        new Genesis.FirstMember("gateway", Role.GATEWAY, gateway.keys(), Optional.empty())));
        blockZero = took(Ledger.genesis(TransactionSigning.genesis(genesis, List.of(operator), List.of(admin, gateway))
                .encode()));
    }

    ChainId chain() {
        return state.chainId();
    }

    ChainState state() {
        return state;
    }

    HistoryTree history() {
        return history;
    }

    Bytes blockZero() {
        return blockZero;
    }

    /** What the replica signs of a state. */
    Bytes checkpoint(ChainState at) {
        return SignedCheckpoint.sign(at.checkpoint(), replica, Instant.now()).encode();
    }

    static String name(long number) {
        return "d-" + Long.toString(number + 1_000_000_000L, 36);
    }

    /** Joins the next member and gives the block. */
    Bytes next() {
        return took(apply(state, join(name(joined++))));
    }

    /** What follows if a block with one transaction is applied. */
    static Step apply(ChainState state, Bytes transaction) {
        return Ledger.apply(
                state,
                new Entry(
                        state.chainId(),
                        state.header().timeMillis() + 1,
                        NONCE,
                        Optional.empty(),
                        List.of(transaction)));
    }

    /** A join that an admin endorsed, as far as anybody sees who does not check signatures. */
    Bytes join(String name) {
        MemberKeys three = new MemberKeys(key(), key(), key());
        Bytes body = new Join(name, 1, Role.MEMBER, three, Optional.empty(), Optional.empty()).body();
        Map<KeyId, CoseSign.Signature> signatures = new TreeMap<>();
        for (CoseKey key : List.of(three.sig(), three.dtls(), admin.sig().publicKey())) {
            signatures.put(key.kid(), new CoseSign.Signature(Headers.signedBy(key.kid()), FILLER));
        }
        return new CoseSign(body, List.copyOf(signatures.values())).encode();
    }

    private CoseKey key() {
        if (nextKey == keys.length) {
            ECPoint[] points = new ECPoint[BATCH];
            for (int i = 0; i < BATCH; i++) {
                last = last.add(P256.getG());
                points[i] = last;
            }
            P256.getCurve().normalizeAll(points);
            keys = new CoseKey[BATCH];
            for (int i = 0; i < BATCH; i++) {
                try {
                    keys[i] = CoseKey.fromUncompressed(Bytes.wrap(points[i].getEncoded(false)));
                } catch (MalformedKeyException e) {
                    throw new AssertionError(e);
                }
            }
            nextKey = 0;
        }
        return keys[nextKey++];
    }

    private Bytes took(Step step) {
        state = step.state();
        history.append(step.block().orElseThrow().historyLeaf());
        return step.block().get().encoded();
    }
}
