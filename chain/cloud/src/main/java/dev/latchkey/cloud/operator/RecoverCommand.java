package dev.latchkey.cloud.operator;

import dev.latchkey.console.UsageFault;
import dev.latchkey.host.IdentityDirectory;
import dev.latchkey.protocol.PartTransaction;
import dev.latchkey.transaction.Identity;
import dev.latchkey.transaction.MemberRecord;
import dev.latchkey.transaction.RecoverByOperators;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code latchkey operator recover}. */
@Command(
        name = "recover",
        mixinStandardHelpOptions = true,
        description = {
            "Gives new keys to a member that lost its own, 72 hours of header time later, unless the member objects.",
            "A member that committed to its next key needs no operator: `latchkey device recover`."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  latchkey operator recover d-one --dir net/operator --keys new-keys",
            "  latchkey operator recover d-one --dir net/operator --request d-one.part"
        })
final class RecoverCommand implements Callable<Integer> {
    /** Where the new keys come from. */
    static final class From {
        @Option(
                names = "--keys",
                required = true,
                paramLabel = "DIR",
                description = "Directory of the new keys; made, if it does not exist.")
        private Path keys;

        @Option(
                names = "--request",
                required = true,
                paramLabel = "FILE",
                description = "A part that the member made on its new device and signed with its new keys.")
        private Path request;
    }

    @Parameters(paramLabel = "NAME", description = "Who lost its keys.")
    private String name;

    @ArgGroup(multiplicity = "1")
    private From from;

    @Mixin
    private SigningOptions options;

    @Override
    public Integer call() throws IOException {
        Desk desk = Desk.open(options);
        MemberRecord record = desk.record(name);
        Proposal proposal = from.request != null ? requested(desk, record) : made(desk, record);
        Ceremony ceremony = new Ceremony(options, System.out);
        ceremony.perform(desk, proposal);
        return ceremony.exitCode();
    }

    private Proposal made(Desk desk, MemberRecord record) throws IOException {
        Identity identity = Files.isDirectory(from.keys)
                ? IdentityDirectory.load(from.keys)
                : IdentityDirectory.create(from.keys, new SecureRandom());
        PartTransaction part =
                desk.unsigned(new RecoverByOperators(name, record.sequence() + 1, identity.keys(), Optional.empty()));
        return proposal(desk, record, part, List.of(Hand.of("member " + from.keys, identity)));
    }

    private Proposal requested(Desk desk, MemberRecord record) throws IOException {
        PartTransaction part = PartFile.read(from.request);
        if (!part.chain().equals(desk.chain().id())
                || !(part.transaction() instanceof RecoverByOperators recover)
                || !recover.name().equals(name)) {
            throw new UsageFault("the request is not for new keys of " + name + " in sub-network "
                    + desk.chain().name() + ": " + from.request);
        }
        if (recover.sequence() != record.sequence() + 1) {
            throw new UsageFault("the request is for sequence " + recover.sequence() + ", and the record's next one is "
                    + (record.sequence() + 1) + ": let the member make it again");
        }
        return proposal(desk, record, part, List.of());
    }

    private Proposal proposal(Desk desk, MemberRecord record, PartTransaction part, List<Hand> member)
            throws IOException {
        Wording wording = Wording.of(part).line("record", RecordText.of(record));
        return desk.byOperators(part, wording, member, "recover-" + name);
    }
}
