package dev.latchkey.cloud.mailbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cloud.api.MailboxLog;
import dev.latchkey.cloud.mailbox.MailboxCommand.Delivery;
import dev.latchkey.cloud.mailbox.MailboxShards.Shard;
import dev.latchkey.cloud.raft.GroupMachine;
import dev.latchkey.cloud.raft.RaftNode;
import dev.latchkey.protocol.BatchAnswer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Mailboxes in several Raft groups, on a real log. */
class MailboxShardsTest {
    private static final int GROUPS = 3;

    @TempDir
    Path directory;

    @Test
    void aBatchGoesToEachGroupThatHasRecipientsAndIsTakenIfOneTakesIt() throws Exception {
        List<Letters> letters = new ArrayList<>();
        List<Shard> all = new ArrayList<>();
        Map<String, GroupMachine> machines = new HashMap<>();
        for (int i = 0; i < GROUPS; i++) {
            Letters one = Letters.open(directory.resolve("mailboxes-" + i));
            letters.add(one);
            all.add(new Shard("mailboxes-" + i, one.mailboxes));
            machines.put("mailboxes-" + i, one.mailboxes.machine());
        }
        MailboxShards shards = new MailboxShards(all, MailboxShards.evenly(GROUPS));
        List<Bytes> owners = new ArrayList<>();
        for (int i = 0; owners.size() <= GROUPS; i++) {
            Bytes id = Letters.id(300 + i);
            if (shards.of(id) == all.get(owners.size() % GROUPS)) {
                owners.add(id);
            }
        }
        Bytes[] everybody = owners.subList(0, GROUPS).toArray(Bytes[]::new);
        try (RaftNode raft = RaftNode.start(
                directory.resolve("raft"),
                machines,
                Optional.empty(),
                fault -> {
                    throw new AssertionError(fault);
                },
                Duration.ofSeconds(30))) {
            Letters any = letters.get(0).withQuotas(new Quota(2, 100), new Quota(5, 100));
            BatchAnswer first = deliver(
                    any,
                    shards,
                    raft,
                    Letters.delivery(1, 0, "a", everybody),
                    Letters.delivery(2, 1, "b", owners.get(0)));
            assertThat(first).isEqualTo(new BatchAnswer(2, List.of()));
            assertThat(shards.usage()).isEqualTo(new Usage(4, 4));

            BatchAnswer full = deliver(
                    any,
                    shards,
                    raft,
                    Letters.delivery(3, 2, "c", owners.get(0)),
                    Letters.delivery(4, 3, "d", owners.get(0), owners.get(1)),
                    Letters.delivery(5, 4, "e", owners.get(2)));
            assertThat(full.acknowledgedUpTo()).isEqualTo(5);
            assertThat(full.refused())
                    .as("the second is taken by one of two groups")
                    .extracting(BatchAnswer.Refused::sequence, BatchAnswer.Refused::code)
                    .containsExactly(tuple(3L, "mailbox-full"));
            assertThat(shards.read(owners.get(1), 0, 10, 1 << 10)).hasSize(2);
            assertThat(shards.read(owners.get(0), 0, 10, 1 << 10)).hasSize(2);
            assertThat(deliver(any, shards, raft, Letters.delivery(6, 5, "f", owners.get(GROUPS)))
                            .refused())
                    .as("a network's quota counts all groups")
                    .extracting(BatchAnswer.Refused::code)
                    .containsExactly("network-full");

            MailboxLog log = new MailboxLog(shards, MailboxSettings.USUAL, raft, Optional.empty(), Runnable::run);
            log.upkeep(network -> 1, 1, 10).toCompletableFuture().get(30, TimeUnit.SECONDS);
            assertThat(shards.usage()).as("delivered at 1, not before").isEqualTo(new Usage(6, 6));
            assertThat(shards.oldestMillis()).hasValue(1);
            log.upkeep(network -> 2, 2, 10).toCompletableFuture().get(30, TimeUnit.SECONDS);
            assertThat(shards.usage()).as("by entries of all groups").isEqualTo(Usage.NONE);
            assertThat(shards.state(owners.get(0)).expired()).isEqualTo(2);
        } finally {
            letters.forEach(Letters::close);
        }
    }

    private static BatchAnswer deliver(Letters any, MailboxShards shards, RaftNode raft, Delivery... deliveries)
            throws Exception {
        MailboxCommand.Deliver whole = any.command(Letters.GATEWAY, Letters.EPOCH, 1, List.of(deliveries));
        Optional<BatchAnswer> answer = new Delivering(shards, whole)
                .run(raft, Optional.empty())
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS);
        return answer.orElseThrow();
    }
}
