package dev.latchkey.sim.hand;

import dev.latchkey.console.Cli;
import dev.latchkey.console.Units;
import dev.latchkey.console.UsageFault;
import dev.latchkey.device.Acknowledged;
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
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code latchkey device send}: one reading, sealed to one member. */
@Command(
        name = "send",
        header = "Seal a reading to a member and send it.",
        description = {
            "Proves the recipient's key, opens a session with the first reading, and is done when the gateway has the"
                    + " sealed reading on its disk."
        },
        footer = {
            "",
            "Examples:",
            "  latchkey device send --dir one --to d-two --name temperature --unit Cel --value 21.5",
            "  latchkey device send --dir one --to d-two --name door --value 1 --time 2026-01-31T06:00:00Z"
        },
        mixinStandardHelpOptions = true)
final class SendCommand implements Callable<Integer> {
    @Option(names = "--dir", required = true, paramLabel = "DIR", description = "the device's directory")
    private Path directory;

    @Option(
            names = "--to",
            required = true,
            paramLabel = "NAME",
            description = "the member who can open it; NAME@CHAIN for another chain")
    private String recipient;

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

    @Override
    public Integer call() throws IOException, InterruptedException {
        MemberNames.check(recipient);
        Pack pack = pack();
        try (OpenDevice open = OpenDevice.open(directory)) {
            long began = System.nanoTime();
            Acknowledged sent = OpenDevice.await(open.device().send(recipient, pack));
            String took = Units.text(Duration.ofNanos(System.nanoTime() - began));
            if (sent.openerBytes() > 0) {
                System.out.println("opened a session with " + recipient + "  " + sent.openerBytes() + " bytes sealed");
            }
            System.out.println("sent to " + recipient + "  reading " + sent.partialIv() + "  " + sent.messageBytes()
                    + " bytes sealed  on the gateway's disk in " + took);
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
            Pack pack = new Pack(java.util.List.of(record.at(at)));
            // The recipient's rules, before anybody is bothered.
            pack.resolveFrom("urn:latchkey:x:");
            return pack;
        } catch (IllegalArgumentException | MalformedPackException e) {
            throw new UsageFault("no reading can be made of that: " + e.getMessage());
        }
    }
}
