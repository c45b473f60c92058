package dev.latchkey.cloud.explore;

import dev.latchkey.checkpoint.Checkpoint;
import dev.latchkey.console.Table;
import dev.latchkey.console.Units;
import dev.latchkey.proof.Demand;
import dev.latchkey.transaction.Policy;
import java.io.IOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** One chain. Immutable. */
record SummaryView(boolean json) implements ExploreCommand.View {
    @Override
    public void show(ProvedChain chain, Shown shown) throws IOException, FalseProofException {
        long members = chain.membersAsSaid();
        Instant now = Instant.now();
        if (json) {
            Shown.json(values(chain, members, now));
            return;
        }
        shown.table(hashes -> table(chain, members, now, hashes));
        shown.line("");
        shown.line("proved: " + chain.steps() + " policy step" + (chain.steps() == 1 ? "" : "s")
                + ", the replicas' signatures, and that the head continues this chain's genesis");
        if (!chain.head().isFresh(now, Demand.FRESH)) {
            shown.line("the signatures are older than " + Units.text(Demand.FRESH)
                    + ": the node may not show what came since");
        }
    }

    private static Table table(ProvedChain chain, long members, Instant now, Shown.Hashes hashes) {
        Checkpoint head = chain.head().checkpoint();
        Policy policy = chain.policy().policy();
        Table table = new Table()
                .row("chain id", left(hashes.of(chain.id().toHex())))
                .row("network", left(chain.policy().network()))
                .row("sub-network", left(chain.policy().chainName()))
                .row("height", left(Units.count(head.height())))
                .row("block time", left(Instant.ofEpochMilli(head.timeMillis()).toString()))
                .row("block hash", left(hashes.of(head.blockHash().toHex())))
                .row("directory root", left(hashes.of(head.directoryRoot().toHex())))
                .row("history root", left(hashes.of(head.historyRoot().toHex())))
                .row(
                        "signed",
                        left(Units.text(Overview.age(chain)) + " ago by "
                                + policy.replicas().k() + " of "
                                + policy.replicas().nodes().size() + " replicas"))
                .row(
                        "witnesses",
                        left(chain.head().freshWitnesses(now, Demand.FRESH) + " of "
                                + policy.witnesses().gateways().size() + " lately, "
                                + policy.witnesses().q() + " asked for"))
                .row("members", left(Units.count(members) + ", as the node says"))
                .row("policy", left("number " + policy.number()))
                .row(
                        "operators",
                        left(policy.operators().k() + " of "
                                + policy.operators().keys().size()))
                .row("difficulty", left(policy.difficulty() + " bits"));
        chain.policy().struck().forEach(kid -> table.row("struck replica", left(kid.toString())));
        policy.siblings()
                .forEach(sibling ->
                        table.row("sibling", left(hashes.of(sibling.chain().toHex()))));
        return table;
    }

    private static Table.Left left(String text) {
        return new Table.Left(text);
    }

    private static Map<String, Object> values(ProvedChain chain, long members, Instant now) {
        Checkpoint head = chain.head().checkpoint();
        Policy policy = chain.policy().policy();
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("proved", true);
        values.put("chain", chain.id().toHex());
        values.put("network", chain.policy().network());
        values.put("name", chain.policy().chainName());
        values.put("height", head.height());
        values.put("time", Instant.ofEpochMilli(head.timeMillis()));
        values.put("block_hash", head.blockHash().toHex());
        values.put("directory_root", head.directoryRoot().toHex());
        values.put("history_root", head.historyRoot().toHex());
        values.put("signed", chain.head().signedAt());
        values.put("fresh", chain.head().isFresh(now, Demand.FRESH));
        values.put("replicas", policy.replicas().nodes().size());
        values.put("replicas_needed", policy.replicas().k());
        values.put("witnesses", chain.head().freshWitnesses(now, Demand.FRESH));
        values.put("witnesses_needed", policy.witnesses().q());
        values.put("members_said", members);
        values.put("policy", policy.number());
        values.put("difficulty", policy.difficulty());
        values.put(
                "struck",
                chain.policy().struck().stream().map(Object::toString).sorted().toList());
        values.put(
                "siblings",
                policy.siblings().stream()
                        .map(sibling -> sibling.chain().toHex())
                        .toList());
        return values;
    }
}
