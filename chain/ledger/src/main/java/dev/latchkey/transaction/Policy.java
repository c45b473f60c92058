package dev.latchkey.transaction;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.cose.CoseKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Who governs a chain and within what bounds: {@code [number, previous-policy-hash / null, [k, [+ operator]], [k, [+
 * [sig, tls]]], [q, [* [name, sig]]], difficulty, limits, [* sibling], block-version]}. It stands in the directory under
 * {@code !policy}.
 *
 * @param number 0 at genesis, then one more with each policy transaction
 * @param previous hash of the policy before, none at genesis
 * @param operators who signs genesis, roles and policies
 * @param replicas who signs checkpoints
 * @param witnesses whose cosignatures verifiers may demand
 * @param difficulty leading zero bits of a header's hash, 0 to 24
 * @param limits bounds on members
 * @param siblings other chains of the network
 * @param blockVersion the header version in force and since when
 */
public record Policy(
        long number,
        Optional<Digest> previous,
        Operators operators,
        Replicas replicas,
        Witnesses witnesses,
        int difficulty,
        Limits limits,
        List<Sibling> siblings,
        BlockVersion blockVersion) {
    /** The directory's name for the policy; the grammar of names cannot produce it. */
    public static final String DIRECTORY_NAME = "!policy";

    /** Most keys in each list of a policy. */
    public static final int MAX_KEYS = 16;

    /** Longest encoded policy in bytes. */
    public static final int MAX_BYTES = 32 * 1024;

    /** More leading zero bits than this cannot be mined in bounded time. */
    public static final int MAX_DIFFICULTY = 24;

    private static final int MAX_SIBLINGS = 64;

    /** k of the operators must sign where the rules ask for operators. */
    public record Operators(int k, List<CoseKey> keys) {
        public Operators {
            keys = List.copyOf(keys);
            requireThreshold(k, 1, keys.size());
        }
    }

    /** One cloud node: it signs checkpoints with one key and speaks TLS with another. */
    public record Replica(CoseKey sig, CoseKey tls) {}

    /** k of the replicas must sign a checkpoint. */
    public record Replicas(int k, List<Replica> nodes) {
        public Replicas {
            nodes = List.copyOf(nodes);
            requireThreshold(k, 1, nodes.size());
        }
    }

    /** A gateway that cosigns checkpoints. */
    public record Witness(String name, CoseKey sig) {}

    /** q cosignatures are what a cautious verifier asks for. */
    public record Witnesses(int q, List<Witness> gateways) {
        public Witnesses {
            gateways = List.copyOf(gateways);
            requireThreshold(q, 0, gateways.size());
        }
    }

    /**
     * Bounds on members.
     *
     * @param transactionsPerHour own transactions of a member in one hour of header time
     * @param retentionHours how long an unread message stays in a mailbox
     */
    public record Limits(long transactionsPerHour, long retentionHours) {
        /** 60 transactions an hour; 720 hours, which is 30 days. */
        public static final Limits DEFAULT = new Limits(60, 720);
    }

    /**
     * Another chain of the network, as far as carried proofs need it.
     *
     * @param movesIn whether members of that chain may relocate here without an admin
     */
    public record Sibling(ChainId chain, String name, int k, List<CoseKey> replicas, boolean movesIn) {
        public Sibling {
            replicas = List.copyOf(replicas);
            requireThreshold(k, 1, replicas.size());
        }
    }

    /** The header version that holds from a height on. */
    public record BlockVersion(int version, long fromHeight) {
        /** Version 1 from the beginning. */
        public static final BlockVersion FIRST = new BlockVersion(1, 0);
    }

    public Policy {
        siblings = List.copyOf(siblings);
        if (number < 0 || difficulty < 0 || difficulty > MAX_DIFFICULTY || (number == 0) != previous.isEmpty()) {
            throw new IllegalArgumentException("a policy field is out of range");
        }
    }

    /** Policy number 0 with default limits, no witnesses and no siblings. */
    public static Policy first(Operators operators, Replicas replicas) {
        return new Policy(
                0,
                Optional.empty(),
                operators,
                replicas,
                new Witnesses(0, List.of()),
                0,
                Limits.DEFAULT,
                List.of(),
                BlockVersion.FIRST);
    }

    /** The same under the next number: what operators sign who say something else with it. */
    public Policy renewed() {
        return new Policy(
                number + 1,
                Optional.of(hash()),
                operators,
                replicas,
                witnesses,
                difficulty,
                limits,
                siblings,
                blockVersion);
    }

    private static void requireThreshold(int k, int min, int of) {
        if (k < min || k > of || of > MAX_KEYS) {
            throw new IllegalArgumentException("a threshold is out of range");
        }
    }

    /** Whether no chain stands twice among the siblings, and no replica twice in one of them. */
    public boolean namesEachSiblingOnce() {
        return siblings.stream().map(Sibling::chain).distinct().count() == siblings.size()
                && siblings.stream()
                        .map(Sibling::replicas)
                        .allMatch(keys -> keys.stream().distinct().count() == keys.size());
    }

    /** SHA-256 of the encoded policy: what the next one carries. */
    public Digest hash() {
        return Digest.sha256(encode());
    }

    public Bytes encode() {
        return Cbor.encode(item());
    }

    Item item() {
        List<Item> nodes = new ArrayList<>();
        for (Replica node : replicas.nodes()) {
            nodes.add(Cbor.array(node.sig().item(), node.tls().item()));
        }
        List<Item> gateways = new ArrayList<>();
        for (Witness gateway : witnesses.gateways()) {
            gateways.add(Cbor.array(Cbor.text(gateway.name()), gateway.sig().item()));
        }
        List<Item> others = new ArrayList<>();
        for (Sibling sibling : siblings) {
            others.add(Cbor.array(
                    Cbor.bytes(sibling.chain().bytes()),
                    Cbor.text(sibling.name()),
                    Cbor.uint(sibling.k()),
                    Fields.keys(sibling.replicas()),
                    Cbor.bool(sibling.movesIn())));
        }
        return Cbor.array(
                Cbor.uint(number),
                Fields.optional(previous),
                Cbor.array(Cbor.uint(operators.k()), Fields.keys(operators.keys())),
                Cbor.array(Cbor.uint(replicas.k()), Cbor.array(nodes)),
                Cbor.array(Cbor.uint(witnesses.q()), Cbor.array(gateways)),
                Cbor.uint(difficulty),
                Cbor.array(Cbor.uint(limits.transactionsPerHour()), Cbor.uint(limits.retentionHours())),
                Cbor.array(others),
                Cbor.array(Cbor.uint(blockVersion.version()), Cbor.uint(blockVersion.fromHeight())));
    }

    public static Policy decode(Bytes encoded) throws MalformedTransactionException {
        try {
            return fromItem(Cbor.decode(encoded, MAX_BYTES));
        } catch (MalformedCborException e) {
            throw new MalformedTransactionException("not a policy", e);
        }
    }

    static Policy fromItem(Item item) throws MalformedCborException, MalformedTransactionException {
        List<Item> parts = item.asArray(9);
        long number = parts.get(0).asUint();
        Optional<Digest> previous = Fields.optionalDigest(parts.get(1));
        long difficulty = parts.get(5).asUint();
        if ((number == 0) != previous.isEmpty() || difficulty > MAX_DIFFICULTY) {
            throw new MalformedTransactionException("a policy field is out of range");
        }
        List<Item> limits = parts.get(6).asArray(2);
        List<Item> version = parts.get(8).asArray(2);
        if (version.get(0).asUint() > Integer.MAX_VALUE) {
            throw new MalformedTransactionException("a policy field is out of range");
        }
        Policy policy = new Policy(
                number,
                previous,
                operators(parts.get(2)),
                replicas(parts.get(3)),
                witnesses(parts.get(4)),
                (int) difficulty,
                new Limits(limits.get(0).asUint(), limits.get(1).asUint()),
                siblings(parts.get(7)),
                new BlockVersion((int) version.get(0).asUint(), version.get(1).asUint()));
        if (policy.encode().size() > MAX_BYTES) {
            throw new MalformedTransactionException("a policy is too long");
        }
        return policy;
    }

    private static Operators operators(Item item) throws MalformedCborException, MalformedTransactionException {
        List<Item> parts = item.asArray(2);
        List<CoseKey> keys = Fields.keys(parts.get(1), MAX_KEYS);
        return new Operators(Fields.threshold(parts.get(0), 1, keys.size()), keys);
    }

    private static Replicas replicas(Item item) throws MalformedCborException, MalformedTransactionException {
        List<Item> parts = item.asArray(2);
        List<Replica> nodes = new ArrayList<>();
        for (Item node : parts.get(1).asArray(1, MAX_KEYS)) {
            List<Item> keys = node.asArray(2);
            nodes.add(new Replica(Fields.key(keys.get(0)), Fields.key(keys.get(1))));
        }
        return new Replicas(Fields.threshold(parts.get(0), 1, nodes.size()), nodes);
    }

    private static Witnesses witnesses(Item item) throws MalformedCborException, MalformedTransactionException {
        List<Item> parts = item.asArray(2);
        List<Witness> gateways = new ArrayList<>();
        for (Item gateway : parts.get(1).asArray(0, MAX_KEYS)) {
            List<Item> fields = gateway.asArray(2);
            gateways.add(new Witness(Fields.name(fields.get(0)), Fields.key(fields.get(1))));
        }
        return new Witnesses(Fields.threshold(parts.get(0), 0, gateways.size()), gateways);
    }

    private static List<Sibling> siblings(Item item) throws MalformedCborException, MalformedTransactionException {
        List<Sibling> siblings = new ArrayList<>();
        for (Item sibling : item.asArray(0, MAX_SIBLINGS)) {
            List<Item> fields = sibling.asArray(5);
            List<CoseKey> keys = Fields.keys(fields.get(3), MAX_KEYS);
            siblings.add(new Sibling(
                    new ChainId(Digest.of(fields.get(0).asBytes(Digest.SIZE))),
                    Fields.name(fields.get(1)),
                    Fields.threshold(fields.get(2), 1, keys.size()),
                    keys,
                    fields.get(4).asBool()));
        }
        return siblings;
    }
}
