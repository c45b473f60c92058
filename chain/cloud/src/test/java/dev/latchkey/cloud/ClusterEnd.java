package dev.latchkey.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cbor.CborSequence;
import dev.latchkey.cbor.Item;
import dev.latchkey.checkpoint.Checkpoint;
import dev.latchkey.ledger.BlockVerifier;
import dev.latchkey.ledger.VerifiedBlock;
import dev.latchkey.transaction.MemberRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a cluster holds when all is over, the same on every node. Immutable.
 *
 * @param logs by name each member's versions and each mailbox's messages
 * @param checkpoints what each height's checkpoint says
 */
record ClusterEnd(Map<String, List<String>> logs, List<Checkpoint> checkpoints) {
    private static final int MAX_ELEMENT_BYTES = 1 << 20;

    /** Shows that all nodes hold the same bytes, replays the chain in full, and reads everything. */
    static ClusterEnd of(ProcessCluster cluster, ClusterLoad load) throws Exception {
        List<Bytes> blocks = new ArrayList<>();
        Map<String, List<String>> logs = new HashMap<>();
        TestCluster.patiently().untilAsserted(() -> {
            blocks.clear();
            blocks.addAll(blocks(cluster, 0));
            for (int i = 1; i < ProcessCluster.SIZE; i++) {
                assertThat(blocks(cluster, i)).isEqualTo(blocks);
            }
        });
        for (int box = 0; box < ClusterLoad.BOXES; box++) {
            List<Bytes> listing = listing(cluster, load, 0, box);
            for (int i = 1; i < ProcessCluster.SIZE; i++) {
                assertThat(listing(cluster, load, i, box)).isEqualTo(listing);
            }
            List<String> words = new ArrayList<>();
            for (Bytes page : listing) {
                words.addAll(ClusterLoad.words(page));
            }
            logs.put(ClusterLoad.box(box), words);
        }
        return replayed(cluster, blocks, logs);
    }

    private static ClusterEnd replayed(ProcessCluster cluster, List<Bytes> blocks, Map<String, List<String>> logs)
            throws Exception {
        BlockVerifier verifier = new BlockVerifier(TestNetwork.VERIFIER, Runnable::run);
        List<Checkpoint> checkpoints = new ArrayList<>();
        for (int i = 0; i < ClusterLoad.members(); i++) {
            logs.put(ClusterLoad.member(i), new ArrayList<>());
        }
        VerifiedBlock last = verifier.verifyGenesis(cluster.network.chain, blocks.get(0));
        for (Bytes block : blocks) {
            last = checkpoints.isEmpty() ? last : verifier.verify(last.after(), block);
            checkpoints.add(last.after().checkpoint());
            for (MemberRecord record : last.changed()) {
                if (logs.containsKey(record.name()) && !record.name().startsWith("d-box")) {
                    logs.get(record.name()).add(ClusterLoad.value(record));
                }
            }
        }
        return new ClusterEnd(logs, checkpoints);
    }

    private static List<Bytes> blocks(ProcessCluster cluster, int node) throws Exception {
        TestClient client = cluster.client(node, cluster.network.gateway.dtls());
        List<Bytes> blocks = new ArrayList<>();
        try (CborSequence elements = new CborSequence(
                client.stream(client.request("/v1/chains/{c}/blocks?from=0").build()), MAX_ELEMENT_BYTES)) {
            for (Optional<Item> next = elements.next(); next.isPresent(); next = elements.next()) {
                Item block = next.get().asArray(3).get(1);
                if (!block.isNull()) {
                    blocks.add(block.asBytes());
                }
            }
        }
        return blocks;
    }

    /** A mailbox as it is answered, page by page. */
    private static List<Bytes> listing(ProcessCluster cluster, ClusterLoad load, int node, int box) throws Exception {
        TestClient owner = cluster.client(node, load.owners().get(box).dtls());
        List<Bytes> pages = new ArrayList<>();
        long after = 0;
        Bytes page;
        do {
            page = owner.body("/v1/mailboxes/{c}/" + ClusterLoad.box(box) + "?after=" + after);
            pages.add(page);
            after += ClusterLoad.words(page).size();
        } while (page.size() > 0);
        return pages;
    }
}
