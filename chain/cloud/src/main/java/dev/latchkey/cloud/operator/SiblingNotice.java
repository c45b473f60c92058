package dev.latchkey.cloud.operator;

import dev.latchkey.cose.KeyPair;
import dev.latchkey.protocol.PartTransaction;
import dev.latchkey.transaction.ForeignRevoke;
import dev.latchkey.transaction.MemberRecord;
import dev.latchkey.transaction.MemberState;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Optional;

/**
 * What a sibling must be told when a member is revoked on its way there: the proof that it is, so that the sibling puts it
 * out too, or never takes it in. Immutable.
 */
final class SiblingNotice {
    private final MemberRecord record;
    private final MemberState.Moving move;
    private final NetworkChain sibling;

    private SiblingNotice(MemberRecord record, MemberState.Moving move, NetworkChain sibling) {
        this.record = record;
        this.move = move;
        this.sibling = sibling;
    }

    /** The notice that a member needs, if it is moving. */
    static Optional<SiblingNotice> of(Desk desk, MemberRecord record) throws IOException {
        if (!(record.state() instanceof MemberState.Moving moving)) {
            return Optional.empty();
        }
        NetworkChain sibling = desk.files().chains().stream()
                .filter(chain -> chain.id().equals(moving.to()))
                .findFirst()
                .orElseThrow(() -> new IOException("nothing was signed: the member is moving to chain "
                        + moving.to().toHex() + ", which has to be told, and network.conf does not name it: add it"
                        + " there"));
        return Optional.of(new SiblingNotice(record, moving, sibling));
    }

    /** Files it, once the revocation stands. */
    void file(SigningOptions options, Desk from, PrintStream out) throws IOException {
        Desk there = Desk.open(options, from.files(), sibling);
        KeyPair filer = there.admin().orElseThrow().sig();
        long sequence = there.link()
                .record(move.nameThere())
                .filter(found -> found.id().equals(record.id()))
                .map(MemberRecord::sequence)
                .orElse(0L);
        ForeignRevoke revoke = new ForeignRevoke(
                move.nameThere(),
                sequence + 1,
                from.chain().id(),
                from.link().carried(record.name()),
                filer.publicKey());
        PartTransaction part = there.unsigned(revoke);
        out.println("filed in sub-network " + sibling.name() + " too");
        Ceremony.send(there.link(), part.signedBy(filer), out);
    }

    @Override
    public String toString() {
        return "then shown to sub-network " + sibling.name() + ", where it was moving, signed by the admin";
    }
}
