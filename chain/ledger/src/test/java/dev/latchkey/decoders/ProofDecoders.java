package dev.latchkey.decoders;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.checkpoint.SignedCheckpoint;
import dev.latchkey.cose.CoseKey;
import dev.latchkey.cose.EcVerifier;
import dev.latchkey.ledger.TestNetwork;
import dev.latchkey.proof.CheckpointVerifier;
import dev.latchkey.proof.ConsistencyProof;
import dev.latchkey.proof.CoseReceipt;
import dev.latchkey.proof.EvidenceFile;
import dev.latchkey.proof.HeaderProof;
import dev.latchkey.proof.KeyHistory;
import dev.latchkey.proof.KeyProof;
import dev.latchkey.proof.KeysProof;
import dev.latchkey.proof.PolicyChain;
import dev.latchkey.proof.ProofException;
import dev.latchkey.proof.Receipt;
import dev.latchkey.proof.VerifiedCheckpoint;
import dev.latchkey.proof.VerifiedPolicy;
import dev.latchkey.transaction.MemberRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Verifiers of answers. Under one checkpoint a question has one right answer, so what such a verifier takes is the sample
 * itself; only a history may be cut short, and an evidence file written in more than one way.
 */
public final class ProofDecoders {
    private static final List<String> NAMES = List.of("d-1", "d-9", "admin");

    /** Signatures that a verifier has found to be good; all others are bad, which saves the time to find out. */
    private static final class KnownSignatures implements EcVerifier {
        private final Map<List<Object>, Boolean> good = new HashMap<>();
        private boolean learning = true;

        @Override
        public boolean verify(CoseKey key, Bytes message, Bytes signature) {
            List<Object> claim = List.of(key, message, signature);
            return learning
                    ? good.computeIfAbsent(claim, c -> TestNetwork.VERIFIER.verify(key, message, signature))
                    : good.getOrDefault(claim, false);
        }
    }

    private final Specimens world;
    private final KnownSignatures verifier = new KnownSignatures();
    private final List<Decoder> all = new ArrayList<>();

    private ProofDecoders(Specimens world) {
        this.world = world;
    }

    public static List<Decoder> of(Specimens world) throws Exception {
        ProofDecoders decoders = new ProofDecoders(world);
        decoders.collect();
        for (Decoder decoder : decoders.all) {
            if (!decoder.takes(decoder.sample())) {
                throw new AssertionError(decoder + " refuses its sample");
            }
        }
        decoders.verifier.learning = false;
        return decoders.all;
    }

    private void collect() throws Exception {
        TestNetwork network = world.seattle;
        List<Bytes> walk = network.state.policyTransactions();
        VerifiedPolicy policy = PolicyChain.verify(network.chain, walk, verifier);
        VerifiedPolicy first = PolicyChain.verify(network.chain, walk.subList(0, 1), verifier);
        VerifiedCheckpoint older = CheckpointVerifier.verify(world.checkpoint, first, verifier);
        SignedCheckpoint newest = SignedCheckpoint.sign(network.state.checkpoint(), network.replica, Specimens.NOW);
        VerifiedCheckpoint newer = CheckpointVerifier.verify(newest, policy, verifier);
        long height = network.state.height();
        Bytes header = world.block.header();
        Bytes moving = Cbor.decode(world.relocateIn.body(), 64 * 1024)
                .asArray()
                .get(4)
                .asArray(2)
                .get(0)
                .asBytes();
        List<Bytes> before = List.of(
                Cbor.decode(moving, moving.size()).asArray(2).get(0).asBytes(),
                world.joined.member("d-1").map(MemberRecord::encode).orElseThrow());

        proof("key answer", KeyProof.answer(network.state, "d-1"), b -> KeyProof.verify(newer, "d-1", b));
        proof("key answer of absence", KeyProof.answer(network.state, "d-9"), b -> KeyProof.find(newer, "d-9", b));
        proof("keys answer", KeysProof.answer(network.state, NAMES), b -> KeysProof.verify(newer, NAMES, b));
        all.add(decoder(
                "key history", KeyHistory.answer(network.state, "d-1", before).orElseThrow(), answer -> {
                    List<Bytes> records = KeyHistory.verify(newer, "d-1", answer).records().stream()
                            .map(MemberRecord::encode)
                            .toList();
                    return KeyHistory.answer(network.state, "d-1", records.subList(1, records.size()))
                            .orElseThrow();
                }));
        proof(
                "consistency",
                ConsistencyProof.answer(network.history, 1, height),
                b -> ConsistencyProof.verify(older, newer, b));
        proof(
                "header proof",
                HeaderProof.answer(network.history, 1, header, height),
                b -> HeaderProof.verify(newer, 1, b));
        proof("receipt", world.receipt, b -> Receipt.verify(b, world.join.encode(), first, verifier));
        proof(
                "COSE receipt",
                CoseReceipt.make(network.history, 1, network.state.checkpoint(), network.replica),
                b -> CoseReceipt.verify(List.of(b), header, policy, verifier));
        proof("verified checkpoint", newest.encode(), b -> CheckpointVerifier.verify(b, policy, verifier));
        all.add(decoder("policy chain", sequence(walk.subList(0, 1)), this::walked));
        all.add(decoder("policy chain from there on", sequence(walk.subList(1, walk.size())), steps -> {
            PolicyChain.extend(first, byteStrings(steps), verifier);
            return steps;
        }));
        all.add(decoder(
                "evidence file",
                EvidenceFile.make(network.chain, walk.subList(0, 1), world.checkpoint, world.lie, Optional.empty()),
                this::convicted));
    }

    private static Bytes sequence(List<Bytes> strings) {
        return Cbor.encodeSequence(strings.stream().map(Cbor::bytes).toList());
    }

    /** The walk that the verifier took; one that stops early is a good walk too. */
    private Bytes walked(Bytes sequence) throws ProofException {
        PolicyChain.verify(world.seattle.chain, byteStrings(sequence), verifier);
        return sequence;
    }

    private static List<Bytes> byteStrings(Bytes sequence) throws ProofException {
        List<Bytes> strings = new ArrayList<>();
        try {
            for (Item item : Cbor.decodeSequence(sequence, 64 * 1024)) {
                strings.add(item.asBytes());
            }
            return strings;
        } catch (MalformedCborException e) {
            throw refusal();
        }
    }

    /** The exception that a verifier throws for what it cannot read. */
    private static ProofException refusal() {
        try {
            EvidenceFile.claimedChain(Bytes.EMPTY);
            throw new AssertionError("an evidence file of no bytes");
        } catch (ProofException e) {
            return e;
        }
    }

    /** What a file says is its policies, its checkpoints and its fork; the policies' bytes are checked by their signatures. */
    private Bytes convicted(Bytes file) throws ProofException {
        var evidence = EvidenceFile.verify(world.seattle.chain, file, verifier);
        List<Bytes> walk = new ArrayList<>();
        try {
            List<Item> items = Cbor.decodeSequence(file, EvidenceFile.MAX_BYTES);
            for (Item item : items.subList(1, items.size() - 2)) {
                walk.add(item.asBytes());
            }
        } catch (MalformedCborException e) {
            throw new AssertionError(e);
        }
        return EvidenceFile.make(
                evidence.policy().chain(),
                walk,
                evidence.contradiction().first(),
                evidence.contradiction().second(),
                evidence.fork());
    }

    private interface Check {
        Object proves(Bytes answer) throws ProofException;
    }

    private void proof(String name, Bytes sample, Check check) {
        all.add(decoder(name, sample, answer -> {
            check.proves(answer);
            return sample;
        }));
    }

    private static Decoder decoder(String name, Bytes sample, Decoder.Reader reader) {
        return new Decoder(name, sample, ProofException.class, reader);
    }
}
