package dev.latchkey.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.directory.DirectoryAnswer;
import dev.latchkey.directory.DirectoryPath;
import dev.latchkey.directory.Trie;
import dev.latchkey.merkle.HistoryTree;
import dev.latchkey.proof.ConsistencyProof;
import dev.latchkey.transaction.MemberKeys;
import dev.latchkey.transaction.MemberRecord;
import dev.latchkey.transaction.MemberState;
import dev.latchkey.transaction.Role;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Sizes that decide whether an answer is one datagram. */
class ProofSizeTest {
    private static final int BLOCKS = 1_000_000;
    private static final int MEMBERS = 1 << 14;

    /** A million members stand six levels deeper than these: 2^20 / 2^14. */
    private static final int MORE_LEVELS = 6;

    private final Random seeded = new Random(1);

    @Test
    void aConsistencyProofOverAMillionBlocksIsAtMost750Bytes() {
        HistoryTree history = HistoryTree.of(List.of());
        for (int i = 0; i < BLOCKS; i++) {
            history.append(digest());
        }
        int largest = 0;
        for (int i = 0; i < 500; i++) {
            int older = i < 64 ? BLOCKS - 2 - i : seeded.nextInt(BLOCKS - 1);
            largest = Math.max(
                    largest, ConsistencyProof.answer(history, older, BLOCKS - 1).size());
        }
        assertThat(largest).isBetween(600, 750);
    }

    @Test
    void recordAndProofOfAMillionMembersAreOneBlock() {
        Digest chain = digest();
        MemberRecord record = record();
        Trie directory = Trie.EMPTY;
        List<Digest> paths = new ArrayList<>();
        for (int i = 0; i < MEMBERS; i++) {
            Digest path = DirectoryPath.of(chain, "d-" + i);
            paths.add(path);
            directory = directory.put(path, record.encode());
        }
        List<Integer> sizes = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            sizes.add(DirectoryAnswer.of(directory, paths.get(i)).encode().size());
        }
        sizes.sort(null);
        int inHundred99 = sizes.get(sizes.size() * 99 / 100) + MORE_LEVELS * Digest.SIZE + 1;
        assertThat(inHundred99).isLessThanOrEqualTo(1_000);
    }

    /** As large as a member's record usually gets: moved keys, a predecessor, a commitment. */
    private static MemberRecord record() {
        SecureRandom random = new SecureRandom();
        MemberKeys keys = new MemberKeys(
                KeyPair.generate(random).publicKey(),
                KeyPair.generate(random).publicKey(),
                KeyPair.generate(random).publicKey());
        return new MemberRecord(
                "d-0123456789",
                Bytes.wrap(new byte[MemberRecord.ID_BYTES]),
                3,
                new MemberState.Active(),
                Role.MEMBER,
                keys,
                BLOCKS,
                Optional.of(Digest.sha256(Bytes.EMPTY)),
                Optional.empty());
    }

    private Digest digest() {
        byte[] bytes = new byte[Digest.SIZE];
        ByteBuffer.wrap(bytes).putLong(seeded.nextLong()).putLong(seeded.nextLong());
        return Digest.of(Bytes.wrap(bytes));
    }
}
