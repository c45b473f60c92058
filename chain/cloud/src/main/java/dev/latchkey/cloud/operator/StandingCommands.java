package dev.latchkey.cloud.operator;

import dev.latchkey.console.UsageFault;
import dev.latchkey.protocol.PartTransaction;
import dev.latchkey.transaction.MemberRecord;
import dev.latchkey.transaction.MemberState;
import dev.latchkey.transaction.Role;
import dev.latchkey.transaction.Standing;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code latchkey operator suspend}, {@code resume} and {@code revoke}. */
abstract class StandingCommands implements Callable<Integer> {
    @Parameters(paramLabel = "NAME", description = "The member, gateway, admin or auditor.")
    private String name;

    @Option(
            names = "--by-operators",
            description = "Let operators sign where an admin could; over admins and gateways they always do.")
    private boolean byOperators;

    @Mixin
    private SigningOptions options;

    abstract Standing.Act act();

    String name() {
        return name;
    }

    SigningOptions options() {
        return options;
    }

    @Override
    public Integer call() throws IOException {
        Desk desk = Desk.open(options);
        MemberRecord record = desk.record(name);
        PartTransaction part = desk.unsigned(new Standing(act(), name, record.sequence() + 1));
        Wording wording = Wording.of(part).line("record", RecordText.of(record));
        Optional<SiblingNotice> notice =
                act() == Standing.Act.REVOKE ? SiblingNotice.of(desk, record) : Optional.empty();
        notice.ifPresent(also -> wording.line("also", also.toString()));
        Ceremony ceremony = new Ceremony(options, System.out);
        boolean done =
                ceremony.perform(desk, proposal(desk, record, part, wording)).isPresent();
        if (done && notice.isPresent()) {
            notice.get().file(options, desk, System.out);
        }
        return ceremony.exitCode();
    }

    private Proposal proposal(Desk desk, MemberRecord record, PartTransaction part, Wording wording)
            throws IOException {
        String stem = act().name().toLowerCase(Locale.ROOT) + "-" + name;
        boolean admins = record.role() == Role.MEMBER || record.role() == Role.AUDITOR;
        if (admins && !byOperators && desk.admin().isPresent()) {
            Hand admin = Hand.of("admin " + desk.adminKeys(), desk.admin().get().sig());
            return new Proposal(part, wording, List.of(admin), 0, stem);
        }
        return desk.byOperators(part, wording, List.of(), stem);
    }

    @Command(
            name = "suspend",
            mixinStandardHelpOptions = true,
            description =
                    "Sets somebody aside: the keys do not count until resumed. An admin's signature suffices for a"
                            + " member; over admins and gateways operators decide.",
            footerHeading = "%nExamples:%n",
            footer = {
                "  latchkey operator suspend d-one --dir net/operator",
                "  latchkey operator suspend gateway-2 --dir net/operator --yes"
            })
    static final class Suspend extends StandingCommands {
        @Override
        Standing.Act act() {
            return Standing.Act.SUSPEND;
        }
    }

    @Command(
            name = "resume",
            mixinStandardHelpOptions = true,
            description = "Takes somebody back who was suspended.",
            footerHeading = "%nExamples:%n",
            footer = "  latchkey operator resume d-one --dir net/operator")
    static final class Resume extends StandingCommands {
        @Override
        Standing.Act act() {
            return Standing.Act.RESUME;
        }
    }

    @Command(
            name = "revoke",
            mixinStandardHelpOptions = true,
            description = "Puts somebody out for good: the keys never count again, the name stays taken.",
            footerHeading = "%nExamples:%n",
            footer = {
                "  latchkey operator revoke d-one --dir net/operator",
                "  latchkey operator revoke d-one --dir net/operator --chain tacoma --yes"
            })
    static final class Revoke extends StandingCommands {
        @Option(
                names = "--tell",
                paramLabel = "CHAIN",
                description = "Only show a revocation that stands to a sibling to which the member was moving.")
        private String tell;

        @Option(
                names = "--name-there",
                paramLabel = "NAME",
                description = "The name it was to have there, if another one.")
        private String nameThere;

        @Override
        public Integer call() throws IOException {
            return tell == null ? super.call() : told();
        }

        private int told() throws IOException {
            Desk desk = Desk.open(options());
            MemberRecord record = desk.record(name());
            if (!(record.state() instanceof MemberState.Revoked)) {
                throw new UsageFault(name() + " is not revoked but: " + RecordText.of(record));
            }
            SiblingNotice notice = new SiblingNotice(
                    record, nameThere == null ? name() : nameThere, desk.files().chain(Optional.of(tell)));
            Wording.headed("the revocation of " + name())
                    .line("record", RecordText.of(record))
                    .line("is", notice.toString())
                    .print(System.out);
            Ceremony ceremony = new Ceremony(options(), System.out);
            if (ceremony.agreed()) {
                notice.file(options(), desk, System.out);
            }
            return ceremony.exitCode();
        }

        @Override
        Standing.Act act() {
            return Standing.Act.REVOKE;
        }
    }
}
