package dev.latchkey.cloud;

import dev.latchkey.cloud.api.EntryLink;
import dev.latchkey.cloud.api.EvidenceLink;
import dev.latchkey.cloud.api.MailboxTurns;
import dev.latchkey.cloud.chain.ChainPool;
import dev.latchkey.cloud.chain.EvidenceShelf;
import dev.latchkey.cloud.chain.ScrubSettings;
import dev.latchkey.cloud.mailbox.MailboxShards;
import dev.latchkey.cloud.raft.RaftNode;
import java.net.http.HttpClient;

/** What the members of a cluster do for each other now and then, beside the log. Stateless. */
final class FellowWork {
    private FellowWork() {}

    static void start(
            HttpClient peers,
            EvidenceShelf shelf,
            MailboxShards mailboxes,
            RaftNode raft,
            ChainPool pool,
            ScrubSettings scrub,
            CloudThreads threads) {
        EvidenceLink.start(peers, shelf, raft.membership(), pool.groups().get(0), threads.timer());
        EntryLink leaders = new EntryLink(peers, raft.membership(), threads.workers());
        MailboxTurns.start(mailboxes, raft, leaders, scrub, threads.workers(), threads.timer());
    }
}
