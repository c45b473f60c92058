package dev.latchkey.sim.bench.sealing;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.envelope.Opened;
import dev.latchkey.envelope.ReceivingSession;
import dev.latchkey.envelope.SendingSession;
import dev.latchkey.protocol.ContentFormat;
import dev.latchkey.senml.Pack;
import java.util.Optional;

/** Latchkey's reading in a session that is open. For one thread. */
final class OwnReading implements Sealing {
    /** From here on a Partial IV takes two bytes. */
    private static final int TWO_BYTES = 256;

    private final int skipped;
    private final Town town = new Town(1);
    private SendingSession sending;
    private ReceivingSession receiving;

    private OwnReading(int skipped) {
        this.skipped = skipped;
    }

    /** The first 256 readings of a session. */
    static OwnReading early() {
        return new OwnReading(0);
    }

    /** All later readings. */
    static OwnReading later() {
        return new OwnReading(TWO_BYTES);
    }

    @Override
    public String title() {
        return "reading, Partial IV of " + (skipped < TWO_BYTES ? "1 byte" : "2 bytes");
    }

    @Override
    public int contentFormat() {
        return ContentFormat.COSE_ENCRYPT0;
    }

    @Override
    public void prepare() throws Exception {
        Opened opened = town.open(Bytes.EMPTY);
        sending = opened.session();
        receiving = town.accept(opened.opener()).session();
        for (int i = 0; i < skipped; i++) {
            sending.seal(SamplePack.CBOR);
        }
    }

    @Override
    public Bytes seal() throws Exception {
        return sending.seal(SamplePack.CBOR).message();
    }

    @Override
    public Optional<Pack> open(Bytes message) throws Exception {
        return Optional.of(receiving
                .open(town.sender(), message, SamplePack.NOW)
                .contents()
                .pack());
    }
}
