package dev.latchkey.sim.hand;

import dev.latchkey.console.Table;
import dev.latchkey.device.Device;
import dev.latchkey.proof.VerifiedKey;
import dev.latchkey.transaction.MemberRecord;

/** What a command that changed the device's own record prints. Stateless. */
final class OwnRecord {
    private OwnRecord() {}

    static void print(String done, String what, Device device, VerifiedKey key) {
        MemberRecord record = key.record();
        new Table()
                .row(done, what)
                .row("member", record.name() + " of " + device.chainName())
                .row("record", "number " + record.sequence() + ", in block " + record.height() + ", proved")
                .row("signing", record.keys().sig().kid())
                .row("key agreement", record.keys().kex().kid())
                .row("dtls", record.keys().dtls().kid())
                .print(System.out);
    }
}
