package dev.latchkey.sim.hand;

import dev.latchkey.console.Cli;
import dev.latchkey.console.Units;
import dev.latchkey.console.UsageFault;
import dev.latchkey.device.Acknowledged;
import dev.latchkey.device.Delivery;
import dev.latchkey.envelope.OpenerHead;
import dev.latchkey.senml.MalformedPackException;
import dev.latchkey.senml.Pack;
import dev.latchkey.senml.Record;
import dev.latchkey.senml.Value;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code latchkey device send}: one reading, sealed to one member or several. */
@Command(
        name = "send",
        header = "Seal a reading to one member or several and send it.",
        description = {
            "Proves the recipients' keys, opens a session with the first reading, and is done when the gateway has the"
                    + " sealed reading on its disk. To several members it goes in one session: sealed once, and each of them can"
                    + " answer all of them."
        },
        footer = {
            "",
            "Examples:",
            "  latchkey device send --dir one --to d-two --name temperature --unit Cel --value 21.5",
            "  latchkey device send --dir one --to d-two --name door --value 1 --time 2026-01-31T06:00:00Z",
            "  latchkey device send --dir one --to d-two,d-three --name temperature --unit Cel --value 21.5 --best-effort"
        },
        mixinStandardHelpOptions = true)
final class SendCommand implements Callable<Integer> {
    @Option(names = "--dir", required = true, paramLabel = "DIR", description = "the device's directory")
    private Path directory;

    @Option(
            names = "--to",
            required = true,
            split = ",",
            paramLabel = "NAME",
            description = "who can open it, 1 to 16 members with commas between them; NAME@CHAIN for another chain")
    private Set<String> recipients;

    @Option(names = "--name", required = true, paramLabel = "NAME", description = "what is measured")
    private String quantity;

    @Option(names = "--value", required = true, paramLabel = "NUMBER", description = "the value, exact")
    private BigDecimal value;

    @Option(
            names = "--unit",
            paramLabel = "UNIT",
            description = "a unit of the SenML registry, such as Cel, m/s, %%RH, lx (none)")
    private String unit;

    @Option(names = "--time", paramLabel = "TIME", description = "when it was measured, ISO 8601 in UTC (now)")
    private String time;

    @Option(
            names = "--best-effort",
            description = "send it once and do not insist on an answer (a non-confirmable message)")
    private boolean bestEffort;

    @Mixin
    private VerificationOption verification;

    @Override
    public Integer call() throws IOException, InterruptedException {
        recipients.forEach(MemberNames::check);
        if (recipients.size() > OpenerHead.MAX_RECIPIENTS) {
            throw new UsageFault("--to takes at most " + OpenerHead.MAX_RECIPIENTS + " members");
        }
        Pack pack = pack();
        Delivery delivery = bestEffort ? Delivery.BEST_EFFORT : Delivery.CONFIRMED;
        String all = String.join(", ", recipients);
        try (OpenDevice open = OpenDevice.open(directory, verification.mode())) {
            long began = System.nanoTime();
            Acknowledged sent = open.await(open.device().send(recipients, pack, delivery));
            String took = Units.text(Duration.ofNanos(System.nanoTime() - began));
            if (sent.openerBytes() > 0) {
                System.out.println("opened a session with " + all + "  " + sent.openerBytes() + " bytes sealed");
            }
            System.out.println("sent to " + all + "  reading " + sent.partialIv() + "  " + sent.messageBytes()
                    + " bytes sealed  "
                    + (sent.confirmed() ? "on the gateway's disk in " : "handed over, no answer in ") + took);
        }
        return Cli.OK;
    }

    private Pack pack() {
        Instant at;
        try {
            at = time == null ? Instant.now().truncatedTo(ChronoUnit.SECONDS) : Instant.parse(time);
        } catch (DateTimeException e) {
            throw new UsageFault("--time must be like 2026-01-31T06:00:00Z: " + time);
        }
        try {
            Record record = unit == null ? Record.of(quantity, Value.of(value)) : Record.of(quantity, unit, value);
            Pack pack = new Pack(List.of(record.at(at)));
            // The recipient's rules, before anybody is bothered.
            pack.resolveFrom("urn:latchkey:x:");
            return pack;
        } catch (IllegalArgumentException | MalformedPackException e) {
            throw new UsageFault("no reading can be made of that: " + e.getMessage());
        }
    }
}
