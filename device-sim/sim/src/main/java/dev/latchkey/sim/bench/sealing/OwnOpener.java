package dev.latchkey.sim.bench.sealing;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.envelope.Contents;
import dev.latchkey.protocol.ContentFormat;
import dev.latchkey.senml.Pack;
import java.util.Optional;

/** Latchkey's opener, which begins a session; opened by its first recipient. For one thread. */
final class OwnOpener implements Sealing {
    private final int recipients;
    private final Bytes pack;
    private final Town town;

    private OwnOpener(int recipients, Bytes pack) {
        this.recipients = recipients;
        this.pack = pack;
        this.town = new Town(recipients);
    }

    /** Without a pack. */
    static OwnOpener alone(int recipients) {
        return new OwnOpener(recipients, Bytes.EMPTY);
    }

    /** With the session's first pack in it. */
    static OwnOpener withPack() {
        return new OwnOpener(1, SamplePack.CBOR);
    }

    @Override
    public String title() {
        String to = recipients == 1 ? "1 recipient" : recipients + " recipients";
        return (pack.isEmpty() ? "opener, " : "opener with the pack, ") + to;
    }

    @Override
    public int contentFormat() {
        return ContentFormat.COSE_SIGN1;
    }

    @Override
    public void prepare() {}

    @Override
    public Bytes seal() {
        return town.open(pack).opener();
    }

    @Override
    public Optional<Pack> open(Bytes message) throws Exception {
        return town.accept(message).first().map(Contents::pack);
    }
}
