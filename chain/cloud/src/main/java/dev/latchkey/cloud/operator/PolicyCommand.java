package dev.latchkey.cloud.operator;

import dev.latchkey.protocol.PartTransaction;
import dev.latchkey.transaction.MemberRecord;
import dev.latchkey.transaction.Policy;
import dev.latchkey.transaction.PolicyChange;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code latchkey operator policy}. */
@Command(
        name = "policy",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = "Shows or changes what governs a sub-network: operators, replicas, witnesses, difficulty, limits,"
                + " siblings.",
        subcommands = {PolicyCommand.Show.class, PolicyCommand.Change.class},
        footerHeading = "%nExamples:%n",
        footer = {
            "  latchkey operator policy show --dir net/operator",
            "  latchkey operator policy change --dir net/operator --difficulty 8"
        })
final class PolicyCommand {
    @Command(
            name = "show",
            mixinStandardHelpOptions = true,
            description = "Shows the policy in force, walked from the chain id by operators' signatures.",
            footerHeading = "%nExamples:%n",
            footer = "  latchkey operator policy show --dir net/operator")
    static final class Show implements Callable<Integer> {
        @Mixin
        private NetworkOptions options;

        @Override
        public Integer call() throws IOException {
            Desk desk = Desk.open(options);
            Wording.headed("policy of sub-network " + desk.chain().name())
                    .line("chain", desk.chain().id().toHex())
                    .all("policy", PolicyText.lines(desk.policy()))
                    .print(System.out);
            return 0;
        }
    }

    @Command(
            name = "change",
            mixinStandardHelpOptions = true,
            description = "Puts the next policy in force: the one before with these changes, signed by k operators.",
            footerHeading = "%nExamples:%n",
            footer = {
                "  latchkey operator policy change --dir net/operator --difficulty 8",
                "  latchkey operator policy change --dir net/operator \\",
                "      --add-witness gateway-2 --witness-quorum 1",
                "  latchkey operator policy change --dir net/operator \\",
                "      --add-operator PUBLIC-KEY --operator-threshold 2"
            })
    static final class Change implements Callable<Integer> {
        @Mixin
        private SigningOptions options;

        @Mixin
        private PolicyOptions change;

        @Override
        public Integer call() throws IOException {
            Desk desk = Desk.open(options);
            Policy next = new PolicyDraft(desk.policy(), change, lookup(desk)).next();
            PartTransaction part = desk.unsigned(new PolicyChange(next));
            Ceremony ceremony = new Ceremony(options, System.out);
            ceremony.perform(
                    desk,
                    desk.byOperators(
                            part,
                            Wording.of(part, Optional.of(desk.policy())),
                            List.of(),
                            "policy-" + desk.chain().name() + "-" + next.number()));
            return ceremony.exitCode();
        }

        private PolicyDraft.Lookup lookup(Desk desk) {
            return new PolicyDraft.Lookup() {
                @Override
                public MemberRecord gateway(String name) throws IOException {
                    return desk.record(name);
                }

                @Override
                public NetworkChain chain(String name) {
                    return desk.files().chain(Optional.of(name));
                }

                @Override
                public Policy policy(NetworkChain chain) throws IOException {
                    return Desk.open(options, desk.files(), chain).policy();
                }
            };
        }
    }
}
