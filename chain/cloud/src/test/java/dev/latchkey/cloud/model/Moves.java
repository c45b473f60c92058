package dev.latchkey.cloud.model;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.transaction.ForeignRevoke;
import dev.latchkey.transaction.RelocateCancel;
import dev.latchkey.transaction.RelocateDone;
import dev.latchkey.transaction.RelocateIn;
import dev.latchkey.transaction.RelocateOut;
import dev.latchkey.transaction.TransactionSigning;
import java.util.Optional;

/** The transactions of a move between two chains, and what each does to the model. */
final class Moves {
    private final Walk walk;

    Moves(Walk walk) {
        this.walk = walk;
    }

    void out(ModelChain from, Player player) {
        ModelChain to = walk.otherThan(from);
        long deadline = walk.clock + 60_000L * (1 + walk.dice.nextInt(50));
        String nameThere = walk.nameAt(to, player);
        RelocateOut out = new RelocateOut(player.name, player.sequence + 1, to.chain, nameThere, deadline);
        Bytes transaction = from.signing(out).by(player.identity.sig()).finish().encode();
        if (walk.expect(from, transaction, player.stand == Player.Stand.ACTIVE)) {
            player.sequence++;
            player.stand = Player.Stand.MOVING;
            player.to = to;
            player.nameThere = nameThere;
            player.deadline = deadline;
            player.recovering = null;
        }
    }

    void in(ModelChain from, Player player) {
        if (player.stand != Player.Stand.MOVING) {
            return;
        }
        ModelChain to = player.to;
        RelocateIn in = new RelocateIn(player.nameThere, player.sequence + 1, from.chain, from.carried(player.name));
        TransactionSigning signing = to.signing(in).by(player.identity.sig()).possessedBy(player.identity.dtls());
        if (!Walk.STANDING_POLICY.equals(from.name)) {
            signing.by(to.admin.sig());
        }
        Player before = to.players.get(player.nameThere);
        boolean free = before == null
                || before.id.equals(player.id)
                        && before.sequence < player.sequence
                        && (before.stand == Player.Stand.MOVED
                                || before.stand == Player.Stand.MOVING
                                        && before.to == from
                                        && before.nameThere.equals(player.name));
        boolean inTime = walk.clock < player.deadline && walk.clock - from.time() / 1000 * 1000 <= 600_000;
        boolean welcome = !walk.tombstones.contains(to.name + player.id);
        if (walk.expect(to, signing.finish().encode(), free && inTime && welcome && !hasArrived(player))) {
            Player arrived = new Player(player.nameThere, player.identity, player.next);
            arrived.id = player.id;
            arrived.sequence = player.sequence + 1;
            to.players.put(arrived.name, arrived);
        }
    }

    void done(ModelChain from, Player player) {
        if (player.to == null) {
            return;
        }
        KeyPair filer = KeyPair.generate(walk.keys);
        RelocateDone done = new RelocateDone(
                player.name, player.sequence + 1, player.to.carried(player.nameThere), filer.publicKey());
        boolean good = player.stand == Player.Stand.MOVING && hasArrived(player);
        if (walk.expect(from, from.signing(done).by(filer).finish().encode(), good)) {
            player.sequence++;
            player.stand = Player.Stand.MOVED;
        }
    }

    void cancel(ModelChain from, Player player) {
        if (player.to == null) {
            return;
        }
        RelocateCancel cancel =
                new RelocateCancel(player.name, player.sequence + 1, player.to.carried(player.nameThere));
        Bytes transaction =
                from.signing(cancel).by(player.identity.sig()).finish().encode();
        boolean good =
                player.stand == Player.Stand.MOVING && !hasArrived(player) && player.to.time() >= player.deadline;
        if (walk.expect(from, transaction, good)) {
            player.sequence++;
            player.stand = Player.Stand.ACTIVE;
        }
    }

    /** A revoke in one chain is filed in the one the member was on its way to. */
    void foreignRevoke(ModelChain from, Player player) {
        if (player.to == null) {
            return;
        }
        ModelChain to = player.to;
        KeyPair filer = KeyPair.generate(walk.keys);
        Optional<Player> there =
                Optional.ofNullable(to.players.get(player.nameThere)).filter(other -> other.id.equals(player.id));
        ForeignRevoke revoke = new ForeignRevoke(
                player.nameThere,
                there.map(other -> other.sequence).orElse(0L) + 1,
                from.chain,
                from.carried(player.name),
                filer.publicKey());
        String tombstone = to.name + player.id;
        boolean strikes = there.filter(other -> other.isRecoverable() || other.stand == Player.Stand.MOVING)
                .isPresent();
        boolean good = player.stand == Player.Stand.REVOKED && (strikes || !walk.tombstones.contains(tombstone));
        if (walk.expect(to, to.signing(revoke).by(filer).finish().encode(), good)) {
            walk.tombstones.add(tombstone);
            if (strikes) {
                there.orElseThrow().stand = Player.Stand.REVOKED;
                there.orElseThrow().sequence++;
                there.orElseThrow().recovering = null;
            }
        }
    }

    private static boolean hasArrived(Player player) {
        Player there = player.to.players.get(player.nameThere);
        return there != null && there.id.equals(player.id) && there.sequence > player.sequence;
    }
}
