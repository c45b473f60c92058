package dev.latchkey.sim.hand;

import dev.latchkey.checkpoint.Checkpoint;
import dev.latchkey.console.Cli;
import dev.latchkey.console.Table;
import dev.latchkey.device.Device;
import dev.latchkey.proof.VerifiedKey;
import dev.latchkey.transaction.MemberRecord;
import dev.latchkey.transaction.MemberState;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code latchkey device key}: whose keys are current, with proof. */
@Command(
        name = "key",
        header = "Show a member's current keys, proved from the chain id on.",
        description = {
            "The gateway answers with the member's record, its path in the directory and a signed checkpoint; this device"
                    + " checks all of it. What does not follow from the chain id is an error and never shown."
        },
        footer = {"", "Examples:", "  latchkey device key --dir one d-two"},
        mixinStandardHelpOptions = true)
final class KeyCommand implements Callable<Integer> {
    @Option(names = "--dir", required = true, paramLabel = "DIR", description = "the device's directory")
    private Path directory;

    @Parameters(paramLabel = "NAME", description = "the member; NAME@CHAIN for one of another chain")
    private String name;

    @Override
    public Integer call() throws IOException, InterruptedException {
        MemberNames.check(name);
        try (OpenDevice open = OpenDevice.open(directory)) {
            VerifiedKey key = open.await(open.device().key(name));
            MemberRecord record = key.record();
            Checkpoint under = key.under().checkpoint();
            new Table()
                    .row("member", record.name() + " of " + chain(open.device(), under))
                    .row("role", record.role().name().toLowerCase(Locale.ROOT))
                    .row("state", state(record))
                    .row("record", "number " + record.sequence() + ", in block " + record.height())
                    .row("signing", record.keys().sig().kid())
                    .row("key agreement", record.keys().kex().kid())
                    .row("dtls", record.keys().dtls().kid())
                    .row(
                            "proved under",
                            "checkpoint of block " + under.height() + ", signed "
                                    + key.under().signedAt())
                    .print(System.out);
            return record.isActive() ? Cli.OK : Cli.FAILED;
        }
    }

    private static String state(MemberRecord record) {
        if (record.state() instanceof MemberState.Moving) {
            return "moving to another sub-network: what is sent to it arrives there";
        }
        return record.isActive() ? "active" : "not active: its keys are not to be used";
    }

    /** A member that moved is shown where it is. */
    private static String chain(Device device, Checkpoint under) {
        return under.chain().equals(device.chain()) ? device.chainName() : "chain " + under.chain();
    }
}
