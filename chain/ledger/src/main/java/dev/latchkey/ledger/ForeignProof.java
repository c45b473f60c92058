package dev.latchkey.ledger;

import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.checkpoint.Checkpoint;
import dev.latchkey.checkpoint.MalformedCheckpointException;
import dev.latchkey.checkpoint.SignedCheckpoint;
import dev.latchkey.cose.CoseKey;
import dev.latchkey.directory.DirectoryAnswer;
import dev.latchkey.directory.DirectoryPath;
import dev.latchkey.transaction.Carried;
import dev.latchkey.transaction.ChainId;
import dev.latchkey.transaction.MalformedTransactionException;
import dev.latchkey.transaction.MemberRecord;
import dev.latchkey.transaction.Policy;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What a sibling chain says of a name, as a transaction carries it: read and led up to the checkpoint's root. Whether the
 * sibling's replicas signed that checkpoint is left as claims.
 *
 * @param record the record, none if the name is absent there
 * @param checkpoint what the sibling's replicas signed
 * @param signedAtMillis the moment since which k of them stand by it
 * @param claims their signatures
 */
record ForeignProof(
        Optional<MemberRecord> record, Checkpoint checkpoint, long signedAtMillis, List<SignatureClaim> claims) {
    private static final long MAX_SECONDS = Long.MAX_VALUE / 1000;

    /** A sibling that the policy names. */
    static Optional<Policy.Sibling> sibling(Draft draft, ChainId chain) {
        return draft.policy().siblings().stream()
                .filter(sibling -> sibling.chain().equals(chain))
                .findFirst();
    }

    /** Reads what is said of a record's own name. Nothing, if it proves no record. */
    static Optional<ForeignProof> ofRecord(Policy.Sibling sibling, Carried carried) {
        try {
            DirectoryAnswer answer = DirectoryAnswer.decode(carried.answer());
            if (answer.value().isEmpty()) {
                return Optional.empty();
            }
            MemberRecord record = MemberRecord.decode(answer.value().get());
            return under(sibling, carried, answer, record.name(), Optional.of(record));
        } catch (MalformedCborException | MalformedTransactionException e) {
            return Optional.empty();
        }
    }

    /** Reads what is said of a name, be it a record or its absence. Nothing, if it proves neither. */
    static Optional<ForeignProof> ofName(Policy.Sibling sibling, Carried carried, String name) {
        try {
            DirectoryAnswer answer = DirectoryAnswer.decode(carried.answer());
            Optional<MemberRecord> record = answer.value().isPresent()
                    ? Optional.of(MemberRecord.decode(answer.value().get()))
                    : Optional.empty();
            return under(sibling, carried, answer, name, record);
        } catch (MalformedCborException | MalformedTransactionException e) {
            return Optional.empty();
        }
    }

    private static Optional<ForeignProof> under(
            Policy.Sibling sibling,
            Carried carried,
            DirectoryAnswer answer,
            String name,
            Optional<MemberRecord> record) {
        SignedCheckpoint signed;
        try {
            signed = SignedCheckpoint.decode(carried.checkpoint());
        } catch (MalformedCheckpointException e) {
            return Optional.empty();
        }
        Checkpoint checkpoint = signed.checkpoint();
        Optional<Digest> root = answer.root(DirectoryPath.of(sibling.chain().digest(), name));
        List<Part> newest = newest(sibling, signed);
        if (!checkpoint.chain().equals(sibling.chain())
                || !root.equals(Optional.of(checkpoint.directoryRoot()))
                || newest.size() < sibling.k()) {
            return Optional.empty();
        }
        List<SignatureClaim> claims = new ArrayList<>();
        for (Part part : newest) {
            claims.add(new SignatureClaim(
                    part.key(),
                    () -> signed.toBeSigned(part.part()),
                    part.part().signature().value(),
                    Refusal.BAD_PROOF));
        }
        long oldest = newest.get(newest.size() - 1).part().seconds();
        return Optional.of(new ForeignProof(record, checkpoint, 1000 * Math.min(oldest, MAX_SECONDS), claims));
    }

    private record Part(CoseKey key, SignedCheckpoint.Part part) {}

    /** The k newest signatures by the sibling's replicas, newest first; fewer, if so many did not sign. */
    private static List<Part> newest(Policy.Sibling sibling, SignedCheckpoint signed) {
        List<Part> parts = new ArrayList<>();
        for (CoseKey replica : sibling.replicas()) {
            signed.parts().stream()
                    .filter(part -> part.kid().equals(replica.kid()))
                    .forEach(part -> parts.add(new Part(replica, part)));
        }
        return parts.stream()
                .sorted(Comparator.comparingLong((Part part) -> part.part().seconds())
                        .reversed())
                .limit(sibling.k())
                .toList();
    }
}
