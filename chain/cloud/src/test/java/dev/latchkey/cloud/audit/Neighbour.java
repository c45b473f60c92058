package dev.latchkey.cloud.audit;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.checkpoint.Checkpoint;
import dev.latchkey.checkpoint.SignedCheckpoint;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.directory.DirectoryAnswer;
import dev.latchkey.directory.DirectoryPath;
import dev.latchkey.directory.Trie;
import dev.latchkey.transaction.Carried;
import dev.latchkey.transaction.ChainId;
import dev.latchkey.transaction.MemberRecord;
import dev.latchkey.transaction.Policy;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;

/** A sibling chain, as far as others see of it: a directory, and three replicas of which two sign. */
final class Neighbour {
    final ChainId chain;
    private final List<KeyPair> replicas;
    private Trie directory = Trie.EMPTY;
    private long height;

    Neighbour(SecureRandom keys) {
        chain = new ChainId(Digest.sha256(Bytes.utf8("neighbour")));
        replicas = List.of(KeyPair.generate(keys), KeyPair.generate(keys), KeyPair.generate(keys));
    }

    Policy.Sibling sibling(boolean movesIn) {
        return new Policy.Sibling(
                chain, "neighbour", 2, replicas.stream().map(KeyPair::publicKey).toList(), movesIn);
    }

    void put(MemberRecord record) {
        directory = directory.put(DirectoryPath.of(chain.digest(), record.name()), record.encode());
    }

    /** What it says of a name. */
    Carried carried(String name, long headerMillis, long signedMillis) {
        height++;
        Checkpoint head = new Checkpoint(chain, height, Digest.ZERO, Digest.ZERO, directory.root(), 0, headerMillis);
        Instant moment = Instant.ofEpochMilli(signedMillis);
        SignedCheckpoint signed = SignedCheckpoint.sign(head, replicas.get(0), moment)
                .with(SignedCheckpoint.sign(head, replicas.get(2), moment.plusSeconds(1)));
        Bytes answer = DirectoryAnswer.of(directory, DirectoryPath.of(chain.digest(), name))
                .encode();
        return new Carried(answer, signed.encode());
    }
}
