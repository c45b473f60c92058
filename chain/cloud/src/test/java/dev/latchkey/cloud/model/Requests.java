package dev.latchkey.cloud.model;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.checkpoint.Checkpoint;
import dev.latchkey.checkpoint.SignedCheckpoint;
import dev.latchkey.cose.CoseKey;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.transaction.BatchEndorsement;
import dev.latchkey.transaction.Evidence;
import dev.latchkey.transaction.Identity;
import dev.latchkey.transaction.Join;
import dev.latchkey.transaction.Leave;
import dev.latchkey.transaction.MemberKeys;
import dev.latchkey.transaction.MemberRecord;
import dev.latchkey.transaction.Recover;
import dev.latchkey.transaction.RecoverByOperators;
import dev.latchkey.transaction.Role;
import dev.latchkey.transaction.Rotate;
import dev.latchkey.transaction.Standing;
import dev.latchkey.transaction.TransactionSigning;
import dev.latchkey.transaction.Veto;
import dev.latchkey.transaction.Voucher;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The transactions within one chain, and what each does to the model. */
final class Requests {
    private static final long OBJECTION_MILLIS = 72L * 3_600_000;

    private final Walk walk;
    private final ModelChain chain;

    Requests(Walk walk, ModelChain chain) {
        this.walk = walk;
        this.chain = chain;
    }

    void join() {
        String name = "d-" + walk.dice.nextInt(1_000_000);
        join(name, 1, Optional.empty());
    }

    private void join(String name, long sequence, Optional<Player> before) {
        Identity fresh = Identity.generate(walk.keys);
        KeyPair next = KeyPair.generate(walk.keys);
        Optional<Digest> commitment = Optional.of(MemberRecord.commitment(next.publicKey()));
        KeyPair voucherKey = KeyPair.generate(walk.keys);
        int how = walk.dice.nextInt(3);
        Instant notAfter = Instant.ofEpochMilli(walk.clock + 60_000);
        Optional<Voucher> voucher = how == 0
                ? Optional.of(Voucher.issue(
                        chain.chain, randomId(), "d-*", 1, notAfter, voucherKey.publicKey(), chain.admin.sig()))
                : Optional.empty();
        Join join = new Join(name, sequence, Role.MEMBER, fresh.keys(), commitment, voucher);
        TransactionSigning signing = chain.signing(join).by(fresh.sig()).possessedBy(fresh.dtls());
        before.ifPresent(left -> signing.by(left.identity.sig()));
        if (how == 0) {
            signing.by(voucherKey);
        } else if (how == 1) {
            signing.with(BatchEndorsement.issue(
                            chain.chain, List.of(Bytes.utf8("another"), join.body()), notAfter, chain.admin.sig())
                    .get(1));
        } else {
            signing.by(chain.admin.sig());
        }
        boolean free = before.isPresent() || !chain.players.containsKey(name);
        if (walk.expect(chain, signing.finish().encode(), free)) {
            Player player = new Player(name, fresh, next);
            player.sequence = sequence;
            player.id = chain.state.member(name).orElseThrow().id();
            chain.players.put(name, player);
        }
    }

    private Bytes randomId() {
        byte[] id = new byte[Voucher.ID_BYTES];
        walk.keys.nextBytes(id);
        return Bytes.wrap(id);
    }

    void rotate(Player player) {
        Identity fresh = Identity.generate(walk.keys);
        boolean sig = walk.dice.nextBoolean();
        boolean dtls = walk.dice.nextBoolean();
        KeyPair newSig = sig ? player.next : player.identity.sig();
        KeyPair newNext = sig ? KeyPair.generate(walk.keys) : player.next;
        Rotate rotate = new Rotate(
                player.name,
                player.sequence + 1,
                sig ? Optional.of(newSig.publicKey()) : Optional.empty(),
                Optional.of(fresh.kex().publicKey()),
                dtls ? Optional.of(fresh.dtls().publicKey()) : Optional.empty(),
                Optional.of(MemberRecord.commitment(newNext.publicKey())));
        TransactionSigning signing = chain.signing(rotate).by(player.identity.sig());
        if (sig) {
            signing.by(newSig);
        }
        if (dtls) {
            signing.possessedBy(fresh.dtls());
        }
        if (walk.expect(chain, signing.finish().encode(), player.stand == Player.Stand.ACTIVE)) {
            player.identity = new Identity(newSig, fresh.kex(), dtls ? fresh.dtls() : player.identity.dtls());
            player.next = newNext;
            player.sequence++;
        }
    }

    void standing(Player player) {
        Standing.Act act = Standing.Act.values()[walk.dice.nextInt(8) % 3];
        boolean active = player.stand == Player.Stand.ACTIVE;
        boolean suspended = player.stand == Player.Stand.SUSPENDED;
        boolean good = switch (act) {
            case SUSPEND -> active;
            case RESUME -> suspended;
            case REVOKE -> active || suspended || player.stand == Player.Stand.MOVING;
        };
        TransactionSigning signing = chain.signing(new Standing(act, player.name, player.sequence + 1));
        Bytes transaction = walk.dice.nextBoolean()
                ? chain.byOperators(signing)
                : signing.by(chain.admin.sig()).finish().encode();
        if (walk.expect(chain, transaction, good)) {
            player.sequence++;
            player.stand = switch (act) {
                case SUSPEND -> Player.Stand.SUSPENDED;
                case RESUME -> Player.Stand.ACTIVE;
                case REVOKE -> Player.Stand.REVOKED;
            };
            if (act == Standing.Act.REVOKE) {
                player.recovering = null;
            }
        }
    }

    void recover(Player player) {
        Identity fresh = Identity.generate(walk.keys);
        KeyPair next = KeyPair.generate(walk.keys);
        CoseKey sig = player.next.publicKey();
        Recover recover = new Recover(
                player.name,
                player.sequence + 1,
                new MemberKeys(sig, fresh.kex().publicKey(), fresh.dtls().publicKey()),
                Optional.of(MemberRecord.commitment(next.publicKey())));
        Bytes transaction = chain.signing(recover)
                .by(player.next)
                .possessedBy(fresh.dtls())
                .finish()
                .encode();
        if (walk.expect(chain, transaction, player.isRecoverable())) {
            player.identity = new Identity(player.next, fresh.kex(), fresh.dtls());
            player.next = next;
            player.sequence++;
        }
    }

    void recoverByOperators(Player player) {
        Identity fresh = Identity.generate(walk.keys);
        KeyPair next = KeyPair.generate(walk.keys);
        RecoverByOperators recover = new RecoverByOperators(
                player.name, player.sequence + 1, fresh.keys(), Optional.of(MemberRecord.commitment(next.publicKey())));
        Bytes transaction =
                chain.byOperators(chain.signing(recover).by(fresh.sig()).possessedBy(fresh.dtls()));
        boolean good = player.isRecoverable() && player.recovering == null;
        if (walk.expect(chain, transaction, good)) {
            player.recovering = fresh;
            player.recoveringNext = next;
            player.recoveryDue = chain.time() + OBJECTION_MILLIS;
        }
    }

    void veto(Player player) {
        boolean byNext = walk.dice.nextBoolean();
        Veto veto = new Veto(
                player.name, player.sequence + 1, byNext ? Optional.of(player.next.publicKey()) : Optional.empty());
        Bytes transaction = chain.signing(veto)
                .by(byNext ? player.next : player.identity.sig())
                .finish()
                .encode();
        boolean waits = player.recovering != null;
        boolean may = byNext ? player.isRecoverable() : player.stand == Player.Stand.ACTIVE;
        if (walk.expect(chain, transaction, waits && may)) {
            player.recovering = null;
            player.sequence++;
        }
    }

    void leaveOrRejoin(Player player) {
        if (player.stand == Player.Stand.LEFT) {
            join(player.name, player.sequence + 1, Optional.of(player));
            return;
        }
        walk.ask("leave");
        Bytes transaction = chain.signing(new Leave(player.name, player.sequence + 1))
                .by(player.identity.sig())
                .finish()
                .encode();
        if (walk.expect(chain, transaction, player.stand == Player.Stand.ACTIVE)) {
            player.stand = Player.Stand.LEFT;
            player.sequence++;
            player.recovering = null;
        }
    }

    /** The replica signs another directory for the newest height; it is struck, and the operators replace it. */
    void evidence() {
        Checkpoint head = chain.state.checkpoint();
        Checkpoint lie = new Checkpoint(
                head.chain(),
                head.height(),
                head.blockHash(),
                head.historyRoot(),
                Digest.ZERO,
                head.policyNumber(),
                head.timeMillis());
        Instant now = Instant.ofEpochMilli(walk.clock);
        KeyPair filer = KeyPair.generate(walk.keys);
        Evidence evidence = new Evidence(
                SignedCheckpoint.sign(head, chain.replica, now).encode(),
                SignedCheckpoint.sign(lie, chain.replica, now).encode(),
                Optional.empty(),
                filer.publicKey());
        walk.expect(chain, chain.signing(evidence).by(filer).finish().encode(), true);
        walk.replaceReplica(chain);
    }
}
