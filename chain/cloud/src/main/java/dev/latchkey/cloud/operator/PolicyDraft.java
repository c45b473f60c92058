package dev.latchkey.cloud.operator;

import dev.latchkey.console.UsageFault;
import dev.latchkey.cose.CoseKey;
import dev.latchkey.transaction.ChainId;
import dev.latchkey.transaction.MemberRecord;
import dev.latchkey.transaction.Policy;
import dev.latchkey.transaction.Role;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The next policy, made of the one in force and what is to change. For one thread. */
final class PolicyDraft {
    /** Looks things up that a policy names. */
    interface Lookup {
        /** The record of a gateway. */
        MemberRecord gateway(String name) throws IOException;

        /** A sub-network of network.conf. */
        NetworkChain chain(String name);

        /** The policy in force there. */
        Policy policy(NetworkChain chain) throws IOException;
    }

    private final Policy before;
    private final PolicyOptions change;
    private final Lookup lookup;

    PolicyDraft(Policy before, PolicyOptions change, Lookup lookup) {
        this.before = before;
        this.change = change;
        this.lookup = lookup;
    }

    /** The next policy. */
    Policy next() throws IOException {
        try {
            Policy next = new Policy(
                    before.number() + 1,
                    Optional.of(before.hash()),
                    operators(),
                    replicas(),
                    witnesses(),
                    change.difficulty == null ? before.difficulty() : change.difficulty,
                    limits(),
                    siblings(),
                    before.blockVersion());
            requireChange(next);
            return next;
        } catch (IllegalArgumentException e) {
            throw new UsageFault("no such policy: a threshold must be from 1 (witnesses: 0) to the number of keys, of"
                    + " which there are at most " + Policy.MAX_KEYS + ", and a difficulty from 0 to "
                    + Policy.MAX_DIFFICULTY);
        }
    }

    private void requireChange(Policy next) {
        boolean same = next.operators().equals(before.operators())
                && next.replicas().equals(before.replicas())
                && next.witnesses().equals(before.witnesses())
                && next.difficulty() == before.difficulty()
                && next.limits().equals(before.limits())
                && next.siblings().equals(before.siblings());
        if (same) {
            throw new UsageFault("nothing would change; policy change --help shows what can");
        }
    }

    private Policy.Operators operators() {
        List<CoseKey> keys = without(
                before.operators().keys(),
                change.removeOperator,
                key -> key.kid().toString(),
                "operator");
        for (String text : change.addOperator) {
            keys.add(key(text));
        }
        return new Policy.Operators(
                change.operatorThreshold == null ? before.operators().k() : change.operatorThreshold, keys);
    }

    private Policy.Replicas replicas() {
        List<Policy.Replica> nodes = without(
                before.replicas().nodes(),
                change.removeReplica,
                node -> node.sig().kid().toString(),
                "replica");
        for (String text : change.addReplica) {
            String[] keys = text.split(",", -1);
            if (keys.length != 2) {
                throw new UsageFault("--add-replica takes two public keys with a comma: " + text);
            }
            nodes.add(new Policy.Replica(key(keys[0]), key(keys[1])));
        }
        return new Policy.Replicas(
                change.replicaThreshold == null ? before.replicas().k() : change.replicaThreshold, nodes);
    }

    private Policy.Witnesses witnesses() throws IOException {
        List<Policy.Witness> gateways =
                without(before.witnesses().gateways(), change.removeWitness, Policy.Witness::name, "witness");
        for (String name : change.addWitness) {
            MemberRecord record = lookup.gateway(name);
            if (record.role() != Role.GATEWAY || !record.isActive()) {
                throw new UsageFault(
                        "only an active gateway can be a witness, and " + name + " is: " + RecordText.of(record));
            }
            gateways.removeIf(witness -> witness.name().equals(name));
            gateways.add(new Policy.Witness(name, record.keys().sig()));
        }
        return new Policy.Witnesses(
                change.witnessQuorum == null ? before.witnesses().q() : change.witnessQuorum, gateways);
    }

    private Policy.Limits limits() {
        Policy.Limits limits = before.limits();
        return new Policy.Limits(
                atLeastOne(change.transactionsPerHour, limits.transactionsPerHour()),
                atLeastOne(change.retentionHours, limits.retentionHours()));
    }

    private static long atLeastOne(Long asked, long before) {
        if (asked != null && asked < 1) {
            throw new UsageFault("a limit must be 1 or more");
        }
        return asked == null ? before : asked;
    }

    private List<Policy.Sibling> siblings() throws IOException {
        List<Policy.Sibling> siblings =
                without(before.siblings(), change.removeSibling, Policy.Sibling::name, "sibling");
        for (String name : change.addSibling) {
            NetworkChain chain = lookup.chain(name);
            siblings.removeIf(sibling -> sibling.chain().equals(chain.id()));
            siblings.add(sibling(chain.id(), name, lookup.policy(chain), change.movesIn));
        }
        return siblings;
    }

    /** Another chain as a policy names it. */
    static Policy.Sibling sibling(ChainId chain, String name, Policy policy, boolean movesIn) {
        return new Policy.Sibling(
                chain,
                name,
                policy.replicas().k(),
                policy.replicas().nodes().stream().map(Policy.Replica::sig).toList(),
                movesIn);
    }

    private static <T> List<T> without(List<T> all, List<String> names, Function<T, String> name, String what) {
        List<T> rest = new ArrayList<>(all);
        for (String each : names) {
            if (!rest.removeIf(one -> name.apply(one).equals(each))) {
                throw new UsageFault("the policy has no " + what + " " + each + "; `operator policy show` lists them");
            }
        }
        return rest;
    }

    private static CoseKey key(String text) {
        return PublicKeys.key(text)
                .orElseThrow(() -> new UsageFault(
                        "not a public key, 66 hexadecimal digits as `operator key FILE` prints them: " + text));
    }
}
