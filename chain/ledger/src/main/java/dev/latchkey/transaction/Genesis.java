package dev.latchkey.transaction;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.cose.CoseKey;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The beginning of a chain: {@code [1, null, 0, network, chain name, policy, time, [+ [name, role, [sig, kex, dtls],
 * next-key-digest / null]]]}. Signed by k operators, and by the sig and dtls key of each first member.
 *
 * @param network the network's name, shared by its chains
 * @param chainName the sub-network's name
 * @param policy policy number 0
 * @param timeMillis time of block 0, milliseconds since 1970
 * @param members the first members, at least one admin and one gateway
 */
public record Genesis(String network, String chainName, Policy policy, long timeMillis, List<FirstMember> members)
        implements Transaction {
    /** Most first members. */
    public static final int MAX_MEMBERS = 64;

    /** A member that needs no join. */
    public record FirstMember(String name, Role role, MemberKeys keys, Optional<Digest> nextKey) {}

    public Genesis {
        members = List.copyOf(members);
    }

    @Override
    public Bytes body() {
        List<Item> first = new ArrayList<>();
        for (FirstMember member : members) {
            first.add(Cbor.array(
                    Cbor.text(member.name()),
                    Cbor.uint(member.role().number()),
                    member.keys().item(),
                    Fields.optional(member.nextKey())));
        }
        return Cbor.encode(Cbor.array(
                Cbor.uint(GENESIS),
                Cbor.NULL,
                Cbor.uint(0),
                Cbor.text(network),
                Cbor.text(chainName),
                policy.item(),
                Cbor.uint(timeMillis),
                Cbor.array(first)));
    }

    /** The id of the chain that this begins. */
    public ChainId chainId() {
        return ChainId.ofGenesis(body());
    }

    static Genesis fromItems(List<Item> parts) throws MalformedCborException, MalformedTransactionException {
        if (parts.size() != 8 || !parts.get(1).isNull() || parts.get(2).asUint() != 0) {
            throw new MalformedTransactionException("not a genesis body");
        }
        List<FirstMember> members = new ArrayList<>();
        for (Item item : parts.get(7).asArray(1, MAX_MEMBERS)) {
            List<Item> fields = item.asArray(4);
            members.add(new FirstMember(
                    Fields.name(fields.get(0)),
                    Role.of(fields.get(1).asUint()),
                    MemberKeys.fromItem(fields.get(2)),
                    Fields.optionalDigest(fields.get(3))));
        }
        Genesis genesis = new Genesis(
                Fields.name(parts.get(3)),
                Fields.name(parts.get(4)),
                Policy.fromItem(parts.get(5)),
                parts.get(6).asUint(),
                members);
        genesis.requireSound();
        return genesis;
    }

    private void requireSound() throws MalformedTransactionException {
        if (policy.number() != 0 || !policy.blockVersion().equals(Policy.BlockVersion.FIRST)) {
            throw new MalformedTransactionException("genesis carries policy number 0 and block version 1");
        }
        if (!policy.namesEachSiblingOnce()) {
            throw new MalformedTransactionException("genesis names a sibling twice");
        }
        Set<String> names = new HashSet<>();
        Set<CoseKey> keys = new HashSet<>();
        for (CoseKey operator : policy.operators().keys()) {
            requireNew(keys.add(operator));
        }
        for (Policy.Replica replica : policy.replicas().nodes()) {
            requireNew(keys.add(replica.sig()));
            requireNew(keys.add(replica.tls()));
        }
        for (Policy.Witness witness : policy.witnesses().gateways()) {
            requireNew(!keys.contains(witness.sig()));
        }
        for (FirstMember member : members) {
            if (!names.add(member.name())) {
                throw new MalformedTransactionException("a name appears twice in genesis");
            }
            for (CoseKey key : member.keys().all()) {
                requireNew(keys.add(key));
            }
        }
        for (Role role : List.of(Role.ADMIN, Role.GATEWAY)) {
            if (members.stream().noneMatch(member -> member.role() == role)) {
                throw new MalformedTransactionException("genesis needs an admin and a gateway");
            }
        }
    }

    private static void requireNew(boolean added) throws MalformedTransactionException {
        if (!added) {
            throw new MalformedTransactionException("a key appears twice in genesis");
        }
    }
}
