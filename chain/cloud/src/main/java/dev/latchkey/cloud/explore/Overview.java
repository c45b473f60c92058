package dev.latchkey.cloud.explore;

import dev.latchkey.cloud.export.NodeClient;
import dev.latchkey.cloud.operator.KnownChains;
import dev.latchkey.console.Table;
import dev.latchkey.console.Units;
import dev.latchkey.cose.EcVerifier;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All chains of a node, each proved as far as its own id goes. For one thread. */
final class Overview {
    /** More than any node orders. */
    private static final int MAX_CHAINS = 64;

    private final NodeClient node;
    private final Optional<KnownChains> known;
    private final EcVerifier verifier;

    Overview(NodeClient node, Optional<KnownChains> known, EcVerifier verifier) {
        this.node = node;
        this.known = known;
        this.verifier = verifier;
    }

    void show(Shown shown, boolean json) throws IOException, FalseProofException {
        List<NodeClient.Listed> listing = Asking.proved("the list of chains", node::listing);
        if (listing.size() > MAX_CHAINS) {
            throw new FalseProofException("the list of chains: it has " + listing.size());
        }
        List<ProvedChain> chains = new ArrayList<>();
        for (NodeClient.Listed each : listing) {
            ProvedChain chain = ProvedChain.open(node, each.id(), verifier);
            if (!chain.policy().chainName().equals(each.name())) {
                throw new FalseProofException("the list of chains: " + each.name() + " is another one");
            }
            chains.add(chain);
        }
        if (json) {
            Map<String, Object> values = new LinkedHashMap<>();
            values.put("proved", true);
            values.put("chains", chains.stream().map(this::values).toList());
            Shown.json(values);
            return;
        }
        shown.table(hashes -> table(chains, hashes));
        if (!chains.stream().allMatch(this::isKnown)) {
            shown.line("");
            shown.line("ids that are not known are the node's word: compare them with what the operator gave you");
        }
    }

    private Table table(List<ProvedChain> chains, Shown.Hashes hashes) {
        Table table = new Table("chain", "network", "height", "signed", "policy", "known", "id");
        for (ProvedChain chain : chains) {
            table.row(
                    chain.policy().chainName(),
                    chain.policy().network(),
                    chain.height(),
                    new Table.Left(Units.text(age(chain)) + " ago"),
                    chain.policy().policy().number(),
                    isKnown(chain) ? "yes" : "no",
                    new Table.Left(hashes.of(chain.id().toHex())));
        }
        return table;
    }

    private boolean isKnown(ProvedChain chain) {
        return known.flatMap(chains -> chains.name(chain.id())).isPresent();
    }

    private Map<String, Object> values(ProvedChain chain) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("id", chain.id().toHex());
        values.put("known", isKnown(chain));
        values.put("name", chain.policy().chainName());
        values.put("network", chain.policy().network());
        values.put("height", chain.height());
        values.put("signed", chain.head().signedAt());
        values.put("policy", chain.policy().policy().number());
        return values;
    }

    /** How long ago the replicas signed the head; their clocks may be ahead. */
    static Duration age(ProvedChain chain) {
        Duration age = Duration.between(chain.head().signedAt(), java.time.Instant.now());
        return age.isNegative() ? Duration.ZERO : age;
    }
}
