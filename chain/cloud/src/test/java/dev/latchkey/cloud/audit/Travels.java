package dev.latchkey.cloud.audit;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.checkpoint.Checkpoint;
import dev.latchkey.checkpoint.SignedCheckpoint;
import dev.latchkey.cloud.audit.Townsman.Standings;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.merkle.HistoryTree;
import dev.latchkey.merkle.Rfc9162;
import dev.latchkey.transaction.BatchEndorsement;
import dev.latchkey.transaction.BatchTicket;
import dev.latchkey.transaction.Evidence;
import dev.latchkey.transaction.ForeignRevoke;
import dev.latchkey.transaction.Identity;
import dev.latchkey.transaction.Join;
import dev.latchkey.transaction.MemberRecord;
import dev.latchkey.transaction.MemberState;
import dev.latchkey.transaction.RelocateCancel;
import dev.latchkey.transaction.RelocateDone;
import dev.latchkey.transaction.RelocateIn;
import dev.latchkey.transaction.RelocateOut;
import dev.latchkey.transaction.Role;
import dev.latchkey.transaction.SignedTransaction;
import dev.latchkey.transaction.Transaction;
import dev.latchkey.transaction.TransactionSigning;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** Moves from and to the neighbour, joins in batches, and evidence against replica 1, for a {@link MixedChain}. */
final class Travels {
    private record Invited(Identity identity, Join join, BatchTicket ticket) {}

    private final MixedChain chain;
    private final Town town;
    private final Deque<Invited> batch = new ArrayDeque<>();
    private int made;

    Travels(MixedChain chain, Town town) {
        this.chain = chain;
        this.town = town;
    }

    Optional<SignedTransaction> next() {
        return switch (chain.dice.nextInt(12)) {
            case 0, 1, 2 ->
                town.some(Standings.ACTIVE)
                        .filter(who -> who.role == Role.MEMBER)
                        .map(this::out);
            case 3 -> town.some(Standings.MOVING).flatMap(this::done);
            case 4 -> town.some(Standings.MOVING).map(this::cancel);
            case 5, 6 -> Optional.of(arrival());
            case 7 ->
                town.some(chain.dice.nextInt(3) == 0 ? Standings.MOVING : Standings.MOVED)
                        .flatMap(this::home);
            case 8 ->
                chain.dice.nextBoolean()
                        ? Optional.of(tombstone())
                        : town.some(Standings.ACTIVE)
                                .filter(who -> who.role == Role.MEMBER)
                                .flatMap(this::revokedThere);
            case 9 -> town.liarIsStruck || chain.dice.nextInt(3) != 0 ? Optional.empty() : Optional.of(evidence());
            default -> Optional.of(ofBatch());
        };
    }

    private SignedTransaction signed(Transaction transaction, KeyPair key) {
        return TransactionSigning.of(transaction, chain.chain).by(key).finish();
    }

    private Bytes random(int size) {
        byte[] bytes = new byte[size];
        chain.dice.nextBytes(bytes);
        return Bytes.wrap(bytes);
    }

    private MemberRecord there(String name, Bytes id, long sequence, MemberState state, Townsman who) {
        return new MemberRecord(
                name,
                id,
                sequence,
                state,
                Role.MEMBER,
                who.identity.keys(),
                7,
                Optional.of(Digest.sha256(id)),
                Town.commitment(who.next));
    }

    private SignedTransaction out(Townsman who) {
        who.sequence++;
        who.standing = Standings.MOVING;
        who.waiting = Optional.empty();
        who.nameThere = "n-" + made++;
        who.deadline = chain.clock + 1 + chain.dice.nextInt(3_600_000);
        return signed(
                new RelocateOut(who.name, who.sequence, chain.neighbour.chain, who.nameThere, who.deadline),
                who.identity.sig());
    }

    private Optional<SignedTransaction> done(Townsman who) {
        return town.id(who).map(id -> {
            chain.neighbour.put(there(who.nameThere, id, who.sequence + 1, MemberState.ACTIVE, who));
            who.sequence++;
            who.standing = Standings.MOVED;
            KeyPair filer = KeyPair.generate(chain.keys);
            return signed(
                    new RelocateDone(
                            who.name,
                            who.sequence,
                            chain.neighbour.carried(who.nameThere, chain.clock, chain.clock),
                            filer.publicKey()),
                    filer);
        });
    }

    /** The name there is absent, or somebody else's. */
    private SignedTransaction cancel(Townsman who) {
        if (chain.dice.nextBoolean()) {
            chain.neighbour.put(there(who.nameThere, random(16), 1 + chain.dice.nextInt(9), MemberState.ACTIVE, who));
        }
        who.sequence++;
        who.standing = Standings.ACTIVE;
        return signed(
                new RelocateCancel(
                        who.name,
                        who.sequence,
                        chain.neighbour.carried(who.nameThere, who.deadline + chain.dice.nextInt(9), who.deadline)),
                who.identity.sig());
    }

    private SignedTransaction arrival() {
        Townsman who = town.newcomer(Role.MEMBER);
        who.nameThere = "n-" + made++;
        return in(who, random(16), 1 + chain.dice.nextInt(5));
    }

    /** Somebody who moved there, or is on the way, comes back, perhaps with other keys. */
    private Optional<SignedTransaction> home(Townsman who) {
        return town.id(who).map(id -> {
            if (chain.dice.nextBoolean()) {
                Identity fresh = Identity.generate(chain.keys);
                who.identity = new Identity(
                        chain.dice.nextBoolean() ? fresh.sig() : who.identity.sig(), fresh.kex(), who.identity.dtls());
                who.next = town.maybeNext();
            }
            return in(who, id, who.sequence + 1 + chain.dice.nextInt(3));
        });
    }

    private SignedTransaction in(Townsman who, Bytes id, long sequenceThere) {
        MemberState moving =
                new MemberState.Moving(chain.chain, who.name, chain.clock + 1 + chain.dice.nextInt(3_600_000));
        chain.neighbour.put(there(who.nameThere, id, sequenceThere, moving, who));
        who.sequence = sequenceThere + 1;
        who.standing = Standings.ACTIVE;
        long signedMillis = chain.clock - chain.dice.nextInt(590_000);
        RelocateIn in = new RelocateIn(
                who.name,
                who.sequence,
                chain.neighbour.chain,
                chain.neighbour.carried(who.nameThere, signedMillis, signedMillis));
        TransactionSigning signing =
                TransactionSigning.of(in, chain.chain).by(who.identity.sig()).possessedBy(who.identity.dtls());
        if (town.policy.siblings().get(0).movesIn()) {
            return signing.finish();
        }
        return chain.dice.nextBoolean() ? signing.by(chain.admin.sig()).finish() : town.byOperators(signing);
    }

    /** Somebody whom nobody here knows yet was revoked on the way. */
    private SignedTransaction tombstone() {
        Townsman stranger = new Townsman("x", Role.MEMBER, Identity.generate(chain.keys), Optional.empty());
        return foreignRevoke("x-" + made, 1, random(16), stranger);
    }

    private Optional<SignedTransaction> revokedThere(Townsman who) {
        return town.id(who).map(id -> {
            who.sequence++;
            who.standing = Standings.REVOKED;
            who.waiting = Optional.empty();
            return foreignRevoke(who.name, who.sequence, id, who);
        });
    }

    private SignedTransaction foreignRevoke(String name, long sequence, Bytes id, Townsman who) {
        String nameThere = "n-" + made++;
        chain.neighbour.put(there(nameThere, id, 5, new MemberState.Revoked(), who));
        KeyPair filer = KeyPair.generate(chain.keys);
        return signed(
                new ForeignRevoke(
                        name,
                        sequence,
                        chain.neighbour.chain,
                        chain.neighbour.carried(nameThere, chain.clock, chain.clock),
                        filer.publicKey()),
                filer);
    }

    private SignedTransaction evidence() {
        town.liarIsStruck = true;
        KeyPair filer = KeyPair.generate(chain.keys);
        boolean forked = chain.dice.nextBoolean();
        List<Bytes> one = new ArrayList<>();
        List<Bytes> other = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            one.add(random(90));
            other.add(i < 2 ? one.get(i) : random(90));
        }
        HistoryTree first = HistoryTree.of(one.stream().map(Rfc9162::leafHash).toList());
        HistoryTree second =
                HistoryTree.of(other.stream().map(Rfc9162::leafHash).toList());
        int sizeThere = forked ? 4 : 5;
        Optional<Evidence.Fork> fork = forked
                ? Optional.of(new Evidence.Fork(
                        3,
                        Optional.of(one.get(3)),
                        first.inclusion(3, 5),
                        other.get(3),
                        second.inclusion(3, sizeThere)))
                : Optional.empty();
        return signed(
                new Evidence(
                        lie(4, first.root(5)), lie(sizeThere - 1, second.root(sizeThere)), fork, filer.publicKey()),
                filer);
    }

    /** A checkpoint by replica 1, and by a stranger whose signature nobody looks at. */
    private Bytes lie(long height, Digest historyRoot) {
        Checkpoint head = new Checkpoint(chain.chain, height, Digest.ZERO, historyRoot, Digest.ZERO, 0, MixedChain.T0);
        Instant moment = Instant.ofEpochMilli(MixedChain.T0);
        return SignedCheckpoint.sign(head, chain.replicas.get(1), moment)
                .with(SignedCheckpoint.sign(head, KeyPair.generate(chain.keys), moment))
                .encode();
    }

    private SignedTransaction ofBatch() {
        if (batch.isEmpty()) {
            invite(1 + chain.dice.nextInt(7));
        }
        Invited invited = batch.removeFirst();
        Townsman who = new Townsman(invited.join.name(), Role.MEMBER, invited.identity, Optional.empty());
        town.all().add(who);
        return TransactionSigning.joinOfBatch(invited.join, chain.chain, invited.identity, invited.ticket);
    }

    private void invite(int size) {
        List<Identity> identities = new ArrayList<>();
        List<Join> joins = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            Identity identity = Identity.generate(chain.keys);
            identities.add(identity);
            joins.add(new Join("d-b" + made++, 1, Role.MEMBER, identity.keys(), Optional.empty(), Optional.empty()));
        }
        Instant notAfter = Instant.ofEpochMilli(chain.clock).plusSeconds(86_400L * 365);
        List<BatchTicket> tickets = BatchEndorsement.issue(
                chain.chain, joins.stream().map(Join::body).toList(), notAfter, chain.admin.sig());
        for (int i = 0; i < size; i++) {
            batch.add(new Invited(identities.get(i), joins.get(i), tickets.get(i)));
        }
    }
}
