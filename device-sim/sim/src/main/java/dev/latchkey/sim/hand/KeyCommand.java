package dev.latchkey.sim.hand;

import dev.latchkey.console.Cli;
import dev.latchkey.console.Table;
import dev.latchkey.console.Units;
import dev.latchkey.device.Device;
import dev.latchkey.device.MemberKey;
import dev.latchkey.device.ProvedKey;
import dev.latchkey.transaction.MemberRecord;
import dev.latchkey.transaction.MemberState;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code latchkey device key}: whose keys are current, with proof. */
@Command(
        name = "key",
        header = "Show a member's current keys, how old they are and whether they are proved.",
        description = {
            "The gateway answers with the member's record, its path in the directory and a signed checkpoint; this device"
                    + " checks all of it. What does not follow from the chain id is an error and never shown. With --delegated the record alone is"
                    + " asked for, and the gateway believed."
        },
        footer = {
            "",
            "Exit codes:",
            "  0  the member is active",
            "  1  it is not, or there is none, or its keys are not proved",
            "",
            "Examples:",
            "  latchkey device key --dir one d-two",
            "  latchkey device key --dir one --max-age 1h d-two",
            "  latchkey device key --dir one --delegated d-two"
        },
        mixinStandardHelpOptions = true)
final class KeyCommand implements Callable<Integer> {
    private static final Duration JUST_NOW = Duration.ofSeconds(2);

    @Option(names = "--dir", required = true, paramLabel = "DIR", description = "the device's directory")
    private Path directory;

    @Parameters(paramLabel = "NAME", description = "the member; NAME@CHAIN for one of another chain")
    private String name;

    @Option(
            names = "--max-age",
            paramLabel = "TIME",
            defaultValue = "0s",
            description = "take what was asked for so long ago or less, with its unit (0s: ask now)")
    private Duration maxAge;

    @Mixin
    private VerificationOption verification;

    @Override
    public Integer call() throws IOException, InterruptedException {
        MemberNames.check(name);
        try (OpenDevice open = OpenDevice.open(directory, verification.mode())) {
            MemberKey key = open.await(open.device().key(name, maxAge));
            MemberRecord record = key.record();
            new Table()
                    .row("member", record.name() + " of " + chain(open.device(), key))
                    .row("role", record.role().name().toLowerCase(Locale.ROOT))
                    .row("state", state(record))
                    .row("record", record(key))
                    .row("signing", record.keys().sig().kid())
                    .row("key agreement", record.keys().kex().kid())
                    .row("dtls", record.keys().dtls().kid())
                    .row("proved", proved(key))
                    .row("asked", asked(key))
                    .print(System.out);
            return record.isActive() ? Cli.OK : Cli.FAILED;
        }
    }

    private static String record(MemberKey key) {
        return key.isProvisional()
                ? "none yet: provisional, the chain has not decided on the join"
                : "number " + key.record().sequence() + ", in block "
                        + key.record().height();
    }

    private static String proved(MemberKey key) {
        return key instanceof ProvedKey proved
                ? "from the chain id on, under the checkpoint of block " + proved.height()
                : "no, it is the gateway's word";
    }

    private static String asked(MemberKey key) {
        Duration age = key.age(Instant.now());
        return age.compareTo(JUST_NOW) < 0 ? "just now" : Units.text(age) + " ago";
    }

    private static String state(MemberRecord record) {
        if (record.state() instanceof MemberState.Moving) {
            return "moving to another sub-network: what is sent to it arrives there";
        }
        return record.isActive() ? "active" : "not active: its keys are not to be used";
    }

    /** A member that moved is shown where it is. */
    private static String chain(Device device, MemberKey key) {
        return key.chain().equals(device.chain()) ? device.chainName() : "chain " + key.chain();
    }
}
