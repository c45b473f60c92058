package dev.latchkey.cloud.audit;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cloud.audit.Townsman.Standings;
import dev.latchkey.cloud.audit.Townsman.Waiting;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.transaction.Identity;
import dev.latchkey.transaction.Join;
import dev.latchkey.transaction.Leave;
import dev.latchkey.transaction.Policy;
import dev.latchkey.transaction.PolicyChange;
import dev.latchkey.transaction.Recover;
import dev.latchkey.transaction.RecoverByOperators;
import dev.latchkey.transaction.Role;
import dev.latchkey.transaction.Rotate;
import dev.latchkey.transaction.SignedTransaction;
import dev.latchkey.transaction.Standing;
import dev.latchkey.transaction.TransactionSigning;
import dev.latchkey.transaction.Veto;
import dev.latchkey.transaction.Voucher;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Makes one valid transaction after the other, of all kinds, for a {@link MixedChain}. */
final class MixedTransactions {
    private final MixedChain chain;
    private final Town town;
    private final Travels travels;
    private final KeyPair voucherKey;
    private Voucher voucher;
    private long usesLeft;

    MixedTransactions(MixedChain chain) {
        this.chain = chain;
        this.town = new Town(chain);
        this.travels = new Travels(chain, town);
        this.voucherKey = KeyPair.generate(chain.keys);
    }

    SignedTransaction next() {
        int die = chain.dice.nextInt(130);
        Optional<SignedTransaction> made = switch (die / 5) {
            case 20, 21, 22, 23, 24, 25 -> travels.next();
            case 0, 1, 2 -> town.some(Standings.ACTIVE).map(this::rotate);
            case 3, 4 -> town.some(Standings.ACTIVE).map(this::leave);
            case 5 -> town.some(Standings.LEFT).map(this::joinAgain);
            case 6, 7 -> town.some(Standings.ACTIVE).map(who -> stand(who, Standing.Act.SUSPEND));
            case 8 -> town.some(Standings.SUSPENDED).map(who -> stand(who, Standing.Act.RESUME));
            case 9 ->
                town.some(die % 2 == 0 ? Standings.ACTIVE : Standings.SUSPENDED)
                        .map(who -> stand(who, Standing.Act.REVOKE));
            case 10, 11 ->
                town.some(Standings.ACTIVE)
                        .or(() -> town.some(Standings.SUSPENDED))
                        .filter(who -> who.next.isPresent())
                        .map(this::recover);
            case 12 ->
                die % 5 < 2
                        ? Optional.of(policy())
                        : town.some(Standings.SUSPENDED).flatMap(this::recoverByOperators);
            case 13 -> town.some(Standings.ACTIVE).flatMap(this::recoverByOperators);
            case 14 -> die % 5 < 2 ? objector().map(this::veto) : Optional.of(endorsed());
            default -> Optional.empty();
        };
        return made.orElseGet(this::joinByVoucher);
    }

    private SignedTransaction joinByVoucher() {
        return byVoucher(town.newcomer(Role.MEMBER), Optional.empty());
    }

    private SignedTransaction byVoucher(Townsman who, Optional<KeyPair> lastSig) {
        if (usesLeft == 0) {
            usesLeft = 1 + chain.dice.nextInt(20);
            voucher = voucher("d-*", usesLeft);
        }
        usesLeft--;
        Join join = new Join(
                who.name,
                who.sequence,
                Role.MEMBER,
                who.identity.keys(),
                Town.commitment(who.next),
                Optional.of(voucher));
        TransactionSigning signing = TransactionSigning.of(join, chain.chain)
                .by(who.identity.sig())
                .possessedBy(who.identity.dtls())
                .by(voucherKey);
        lastSig.ifPresent(signing::by);
        return signing.finish();
    }

    private Voucher voucher(String pattern, long uses) {
        byte[] id = new byte[Voucher.ID_BYTES];
        chain.dice.nextBytes(id);
        Instant notAfter = Instant.ofEpochMilli(chain.clock).plusSeconds(86_400L * 365);
        return Voucher.issue(
                chain.chain, Bytes.wrap(id), pattern, uses, notAfter, voucherKey.publicKey(), chain.admin.sig());
    }

    private SignedTransaction endorsed() {
        Role role = chain.dice.nextInt(4) == 0 ? Role.AUDITOR : Role.MEMBER;
        Townsman who = town.newcomer(role);
        Join join = new Join(who.name, 1, role, who.identity.keys(), Town.commitment(who.next), Optional.empty());
        List<KeyPair> endorsers = role == Role.MEMBER && chain.dice.nextBoolean()
                ? List.of(chain.admin.sig())
                : chain.operators.subList(1, 3);
        return TransactionSigning.joinEndorsed(join, chain.chain, who.identity, endorsers);
    }

    private SignedTransaction joinAgain(Townsman who) {
        if (who.role != Role.MEMBER) {
            return joinByVoucher();
        }
        KeyPair last = who.identity.sig();
        who.identity = Identity.generate(chain.keys);
        who.sequence++;
        who.standing = Standings.ACTIVE;
        who.next = town.maybeNext();
        return byVoucher(who, Optional.of(last));
    }

    private SignedTransaction rotate(Townsman who) {
        Identity old = who.identity;
        Identity fresh = Identity.generate(chain.keys);
        boolean sig = chain.dice.nextBoolean();
        boolean kex = !sig || chain.dice.nextBoolean();
        boolean dtls = chain.dice.nextBoolean();
        KeyPair newSig = sig ? who.next.orElse(fresh.sig()) : old.sig();
        who.identity = new Identity(newSig, kex ? fresh.kex() : old.kex(), dtls ? fresh.dtls() : old.dtls());
        who.next = sig ? town.maybeNext() : who.next;
        who.sequence++;
        Rotate rotate = new Rotate(
                who.name,
                who.sequence,
                sig ? Optional.of(newSig.publicKey()) : Optional.empty(),
                kex ? Optional.of(fresh.kex().publicKey()) : Optional.empty(),
                dtls ? Optional.of(fresh.dtls().publicKey()) : Optional.empty(),
                Town.commitment(who.next));
        TransactionSigning signing = TransactionSigning.of(rotate, chain.chain).by(old.sig());
        if (sig) {
            signing.by(newSig);
        }
        if (dtls) {
            signing.possessedBy(fresh.dtls());
        }
        return signing.finish();
    }

    private SignedTransaction leave(Townsman who) {
        who.waiting = Optional.empty();
        who.sequence++;
        who.standing = Standings.LEFT;
        return TransactionSigning.leave(new Leave(who.name, who.sequence), chain.chain, who.identity.sig());
    }

    private SignedTransaction stand(Townsman who, Standing.Act act) {
        who.sequence++;
        if (act == Standing.Act.REVOKE) {
            who.waiting = Optional.empty();
        }
        who.standing = act == Standing.Act.SUSPEND
                ? Standings.SUSPENDED
                : act == Standing.Act.RESUME ? Standings.ACTIVE : Standings.REVOKED;
        TransactionSigning signing = TransactionSigning.of(new Standing(act, who.name, who.sequence), chain.chain);
        return chain.dice.nextInt(3) == 0
                ? town.byOperators(signing)
                : signing.by(chain.admin.sig()).finish();
    }

    private SignedTransaction recover(Townsman who) {
        Identity fresh = Identity.generate(chain.keys);
        who.identity = new Identity(who.next.orElseThrow(), fresh.kex(), fresh.dtls());
        who.next = town.maybeNext();
        who.sequence++;
        Recover recover = new Recover(who.name, who.sequence, who.identity.keys(), Town.commitment(who.next));
        return TransactionSigning.of(recover, chain.chain)
                .by(who.identity.sig())
                .possessedBy(who.identity.dtls())
                .finish();
    }

    private Optional<SignedTransaction> recoverByOperators(Townsman who) {
        if (who.waiting.isPresent()) {
            return Optional.empty();
        }
        Waiting waiting = new Waiting(chain.clock + 72 * 3_600_000L, Identity.generate(chain.keys), town.maybeNext());
        who.waiting = Optional.of(waiting);
        RecoverByOperators recover = new RecoverByOperators(
                who.name, who.sequence + 1, waiting.identity().keys(), Town.commitment(waiting.next()));
        return Optional.of(town.byOperators(TransactionSigning.of(recover, chain.chain)
                .by(waiting.identity().sig())
                .possessedBy(waiting.identity().dtls())));
    }

    private Optional<Townsman> objector() {
        return town.all().stream()
                .filter(who -> who.waiting.isPresent())
                .filter(who ->
                        who.standing == Standings.ACTIVE || who.standing == Standings.SUSPENDED && who.next.isPresent())
                .findFirst();
    }

    private SignedTransaction veto(Townsman who) {
        who.waiting = Optional.empty();
        who.sequence++;
        Veto veto = new Veto(who.name, who.sequence, who.next.map(KeyPair::publicKey));
        return TransactionSigning.of(veto, chain.chain)
                .by(who.next.orElse(who.identity.sig()))
                .finish();
    }

    /** What the ledger does by itself at the beginning of a block. */
    void finishRecoveries() {
        for (Townsman who : town.all()) {
            if (who.waiting
                    .filter(waiting -> waiting.dueMillis() <= chain.clock)
                    .isPresent()) {
                Waiting waiting = who.waiting.get();
                who.waiting = Optional.empty();
                if (who.standing == Standings.ACTIVE || who.standing == Standings.SUSPENDED) {
                    who.identity = waiting.identity();
                    who.next = waiting.next();
                    who.sequence++;
                }
            }
        }
    }

    /** Other limits, the gateway as a witness or not, and now and then a new operator and a new replica. */
    private SignedTransaction policy() {
        boolean witness = chain.dice.nextBoolean();
        Policy policy = town.policy;
        List<Policy.Replica> nodes = new ArrayList<>(policy.replicas().nodes());
        if (town.liarIsStruck || chain.dice.nextInt(3) == 0) {
            town.liarIsStruck = false;
            chain.operators.set(1, KeyPair.generate(chain.keys));
            chain.replicas.set(1, KeyPair.generate(chain.keys));
            nodes.set(
                    1,
                    new Policy.Replica(
                            chain.replicas.get(1).publicKey(),
                            KeyPair.generate(chain.keys).publicKey()));
        }
        town.policy = new Policy(
                policy.number() + 1,
                Optional.of(policy.hash()),
                new Policy.Operators(
                        2, chain.operators.stream().map(KeyPair::publicKey).toList()),
                new Policy.Replicas(2, nodes),
                new Policy.Witnesses(
                        witness ? 1 : 0,
                        witness
                                ? List.of(new Policy.Witness(
                                        "gateway-1", chain.gateway.keys().sig()))
                                : List.of()),
                0,
                new Policy.Limits(60 + chain.dice.nextInt(60), 720),
                List.of(chain.neighbour.sibling(chain.dice.nextBoolean())),
                Policy.BlockVersion.FIRST);
        // whatever stands in this entry stands in the block behind the head
        Optional<PolicyChange.Cut> cut = chain.dice.nextInt(3) == 0
                ? Optional.of(new PolicyChange.Cut(chain.state.height(), chain.state.blockHash()))
                : Optional.empty();
        return town.byOperators(TransactionSigning.of(new PolicyChange(town.policy, cut), chain.chain));
    }
}
