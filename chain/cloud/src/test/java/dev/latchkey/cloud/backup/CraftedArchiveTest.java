package dev.latchkey.cloud.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cloud.TestNetwork;
import dev.latchkey.ledger.BlockVerifier;
import dev.latchkey.transaction.SignedTransaction;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Archives whose sums are right and whose content is not, and a stream that breaks off. */
class CraftedArchiveTest {
    @TempDir
    Path directory;

    private static Item group(String name) {
        return Cbor.array(Cbor.uint(Kind.GROUP), Cbor.text(name), Cbor.uint(1));
    }

    private static Item place(Bytes genesis) {
        return Cbor.array(Cbor.uint(Kind.PLACE), Cbor.uint(0), Cbor.bytes(genesis));
    }

    /** Reads an archive of one group of chains and one of mailboxes with these items. */
    private void read(Item... items) throws Exception {
        Bytes archive = Cbor.encode(new ArchiveHeader(1, List.of("chains"), List.of("mailboxes")).item());
        for (Item item : items) {
            archive = Bytes.concat(archive, Cbor.encode(item));
        }
        Item end = Cbor.array(
                Cbor.uint(Kind.END), Cbor.bytes(Digest.sha256(archive).bytes()));
        BlockVerifier blocks = new BlockVerifier(TestNetwork.VERIFIER, Runnable::run);
        byte[] whole = Bytes.concat(archive, Cbor.encode(end)).toArray();
        try (Restore restore = new Restore(directory, new ByteArrayInputStream(whole), TestNetwork.VERIFIER, blocks)) {
            restore.read(bytes -> {});
        }
    }

    @Test
    void takesBothGroups() {
        assertThatCode(() -> read(group("chains"), group("mailboxes"))).doesNotThrowAnyException();
    }

    @Test
    void refusesAGroupThatIsMissing() {
        assertThatThrownBy(() -> read(group("chains")))
                .isInstanceOf(DamagedArchiveException.class)
                .hasMessageContaining("the group mailboxes is missing");
    }

    @Test
    void refusesAGroupThatComesTwice() {
        assertThatThrownBy(() -> read(group("chains"), group("chains"), group("mailboxes")))
                .isInstanceOf(DamagedArchiveException.class)
                .hasMessageContaining("the group chains comes twice");
    }

    @Test
    void refusesThePlaceOfAChainThatNobodySigned() {
        SignedTransaction genesis = network().genesis;
        byte[] forged = genesis.encode().toArray();
        forged[forged.length - 1] ^= 1; // within the last signature
        assertThatThrownBy(() -> read(group("chains"), place(Bytes.wrap(forged)), group("mailboxes")))
                .isInstanceOf(DamagedArchiveException.class)
                .hasMessageContaining("the place of a chain");
    }

    @Test
    void takesThePlaceOfAChainThatWasSigned() {
        assertThatCode(() -> read(group("chains"), place(network().genesis.encode()), group("mailboxes")))
                .doesNotThrowAnyException();
    }

    private static TestNetwork network() {
        return new TestNetwork(
                TestNetwork.key(), TestNetwork.key(), TestNetwork.key(), "seattle", UnaryOperator.identity());
    }

    @Test
    void whatADeadProcessLeftGoesWhenTheStoresAreHeldAndNotBefore() throws Exception {
        Path left = Files.writeString(
                Files.createDirectories(directory.resolve("backup")).resolve("left"), "rows");
        BackupStores stores = new BackupStores(directory);
        assertThat(left).exists();
        stores.clear();
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void aNodeWithTooMuchToDoMakesTheNextBackupAllTheSame() throws Exception {
        BackupStores stores = new BackupStores(directory);
        ArchivePieces refused = new ArchivePieces(stores.copy().orElseThrow(), 1, task -> {
            throw new RejectedExecutionException("busy");
        });
        assertThatThrownBy(refused::next).isInstanceOf(RejectedExecutionException.class);
        refused.close();
        stores.copy().orElseThrow().close();
        assertThat(directory).isEmptyDirectory();
    }
}
