package dev.latchkey.cloud.operator;

import dev.latchkey.protocol.PartTransaction;
import dev.latchkey.transaction.Genesis;
import dev.latchkey.transaction.Identity;
import dev.latchkey.transaction.Policy;
import dev.latchkey.transaction.PolicyChange;
import dev.latchkey.transaction.Role;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A further sub-network: its genesis, and what the others have to say of it. Governed like the first one. Immutable; holds
 * secrets.
 *
 * @param name its name
 * @param desks the sub-networks that there are, the first one first
 * @param admin its first admin
 * @param gateway its first gateway
 * @param movesIn whether members move between it and the others without an admin
 * @param timeMillis the time of its block 0
 */
record NewChain(String name, List<Desk> desks, Identity admin, Identity gateway, boolean movesIn, long timeMillis) {
    NewChain {
        desks = List.copyOf(desks);
    }

    private Desk first() {
        return desks.get(0);
    }

    private Genesis genesis() {
        Policy base = first().policy();
        String gatewayName = first().files().gatewayName();
        List<Policy.Sibling> siblings = new ArrayList<>();
        for (Desk desk : desks) {
            siblings.add(PolicyDraft.sibling(desk.chain().id(), desk.chain().name(), desk.policy(), movesIn));
        }
        Policy policy = new Policy(
                0,
                Optional.empty(),
                base.operators(),
                base.replicas(),
                new Policy.Witnesses(
                        Math.min(base.witnesses().q(), 1),
                        List.of(new Policy.Witness(gatewayName, gateway.sig().publicKey()))),
                base.difficulty(),
                base.limits(),
                siblings,
                base.blockVersion());
        return new Genesis(
                first().files().network(),
                name,
                policy,
                timeMillis,
                List.of(
                        new Genesis.FirstMember(NewNetwork.ADMIN_NAME, Role.ADMIN, admin.keys(), Optional.empty()),
                        new Genesis.FirstMember(gatewayName, Role.GATEWAY, gateway.keys(), Optional.empty())));
    }

    /** The new chain as network.conf names it. */
    NetworkChain chain() {
        return new NetworkChain(genesis().chainId(), name);
    }

    /** What begins it. */
    Proposal beginning() throws IOException {
        Genesis genesis = genesis();
        PartTransaction part = PartTransaction.unsigned(genesis.network(), name, genesis.chainId(), genesis);
        List<Hand> members = List.of(Hand.of("its admin", admin), Hand.of("its gateway", gateway));
        return first().byOperators(part, Wording.of(part), members, "chain-" + name);
    }

    /** What makes it a sibling of one that there is. */
    Proposal sibling(Desk desk) throws IOException {
        Policy before = desk.policy();
        List<Policy.Sibling> siblings = new ArrayList<>(before.siblings());
        siblings.add(PolicyDraft.sibling(chain().id(), name, genesis().policy(), movesIn));
        Policy next = new Policy(
                before.number() + 1,
                Optional.of(before.hash()),
                before.operators(),
                before.replicas(),
                before.witnesses(),
                before.difficulty(),
                before.limits(),
                siblings,
                before.blockVersion());
        PartTransaction part = desk.unsigned(new PolicyChange(next));
        return desk.byOperators(
                part,
                Wording.of(part, Optional.of(before)),
                List.of(),
                "policy-" + desk.chain().name() + "-" + next.number());
    }

    /** Without the secrets. */
    @Override
    public String toString() {
        return "new sub-network " + name;
    }
}
