package dev.latchkey.cloud.operator;

import dev.latchkey.console.Units;
import dev.latchkey.proof.VerifiedCheckpoint;
import dev.latchkey.transaction.MemberRecord;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code latchkey operator status}. */
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        description =
                "Shows how the sub-networks stand, or one member of one: proved under a checkpoint of the replicas.",
        footerHeading = "%nExamples:%n",
        footer = {"  latchkey operator status --dir net/operator", "  latchkey operator status d-one --dir net/operator"
        })
final class StatusCommand implements Callable<Integer> {
    @Parameters(arity = "0..1", paramLabel = "NAME", description = "A member.")
    private String name;

    @Mixin
    private NetworkOptions options;

    @Override
    public Integer call() throws IOException {
        OperatorFiles files = OperatorFiles.read(options.directory());
        if (name != null) {
            member(Desk.open(options, files, files.chain(options.chain())).record(name));
            return 0;
        }
        List<NetworkChain> chains =
                options.chain().isPresent() ? List.of(files.chain(options.chain())) : files.chains();
        for (NetworkChain chain : chains) {
            chain(Desk.open(options, files, chain));
        }
        return 0;
    }

    private void member(MemberRecord record) {
        Wording words = Wording.headed(record.name())
                .line("record", RecordText.of(record))
                .line("member id", record.id().toHex())
                .line("sig", PublicKeys.text(record.keys().sig()))
                .line("kex", PublicKeys.text(record.keys().kex()))
                .line("dtls", PublicKeys.text(record.keys().dtls()));
        record.nextKey().ifPresent(digest -> words.line("next key", "committed to by " + digest.toHex()));
        words.print(System.out);
    }

    private static void chain(Desk desk) throws IOException {
        VerifiedCheckpoint newest = desk.link().checkpoint();
        Duration age = Duration.between(newest.signedAt(), Instant.now());
        Wording.headed("sub-network " + desk.chain().name())
                .line("chain", desk.chain().id().toHex())
                .line("height", Units.count(newest.checkpoint().height()))
                .line(
                        "signed",
                        Units.text(age.isNegative() ? Duration.ZERO : age) + " ago by "
                                + desk.policy().replicas().k() + " of "
                                + desk.policy().replicas().nodes().size() + " replicas")
                .line("members", Units.count(desk.link().members()) + ", as the node says")
                .line(
                        "policy",
                        "number " + desk.policy().number() + ", "
                                + desk.policy().operators().k() + " of "
                                + desk.policy().operators().keys().size() + " operators, "
                                + counted(desk.policy().witnesses().gateways().size(), "witness", "witnesses") + ", "
                                + counted(desk.policy().siblings().size(), "sibling", "siblings"))
                .print(System.out);
    }

    private static String counted(int count, String one, String many) {
        return count + " " + (count == 1 ? one : many);
    }
}
