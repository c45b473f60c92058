package dev.latchkey.cloud.operator;

import dev.latchkey.cose.KeyPair;
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
    private final String nameThere;
    private final NetworkChain sibling;

    /**
     * A notice of a member.
     *
     * @param record its record here, before or after it was revoked
     * @param nameThere the name under which it was to arrive
     * @param sibling where it was to arrive
     */
    SiblingNotice(MemberRecord record, String nameThere, NetworkChain sibling) {
        this.record = record;
        this.nameThere = nameThere;
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
        return Optional.of(new SiblingNotice(record, moving.nameThere(), sibling));
    }

    /** Files it, once the revocation stands. */
    void file(NetworkOptions options, Desk from, PrintStream out) throws IOException {
        try {
            Desk there = Desk.open(options, from.files(), sibling);
            KeyPair filer = there.admin().orElseThrow().sig();
            ForeignRevoke revoke = new ForeignRevoke(
                    nameThere,
                    sequence(there) + 1,
                    from.chain().id(),
                    from.link().carried(record.name()),
                    filer.publicKey());
            out.println("filed in sub-network " + sibling.name() + " too");
            Ceremony.send(there.link(), there.unsigned(revoke).signedBy(filer), out);
        } catch (IOException e) {
            throw new IOException(
                    "sub-network " + sibling.name() + " was not told: " + e.getMessage()
                            + "; tell it with `latchkey operator revoke " + record.name() + " --tell " + sibling.name()
                            + " --name-there " + nameThere + "`",
                    e);
        }
    }

    /** That of the member's record there, if it has arrived. */
    private long sequence(Desk there) throws IOException {
        return there.link()
                .record(nameThere)
                .filter(found -> found.id().equals(record.id()))
                .map(MemberRecord::sequence)
                .orElse(0L);
    }

    @Override
    public String toString() {
        return "then shown to sub-network " + sibling.name() + ", where it was to be " + nameThere
                + ", signed by the admin";
    }
}
