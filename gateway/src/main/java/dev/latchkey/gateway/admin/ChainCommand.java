package dev.latchkey.gateway.admin;

import dev.latchkey.coap.ClientRequest;
import dev.latchkey.console.Cli;
import dev.latchkey.console.Json;
import dev.latchkey.console.UsageFault;
import dev.latchkey.transaction.Names;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code latchkey admin chain}: the chains that a gateway serves. */
@Command(
        name = "chain",
        header = "Show the chains that a gateway serves, or what it has of one.",
        footer = {
            "",
            "Examples:",
            "  latchkey admin chain --key net/operator/admin --gateway 127.0.0.1:5685",
            "  latchkey admin chain seattle --key net/operator/admin \\",
            "      --gateway 127.0.0.1:5685"
        },
        mixinStandardHelpOptions = true)
final class ChainCommand implements Callable<Integer> {
    private static final List<String> ROW = List.of(
            "chain", "cloud-up", "height", "announced", "lag", "checkpoint", "signed-height", "cosigned", "members");
    private static final List<String> FACTS = List.of(
            "chain",
            "id",
            "network",
            "cloud-up",
            "cloud-since-ms",
            "cloud-problem",
            "height",
            "announced",
            "lag",
            "block-since-ms",
            "checkpoint",
            "signed-height",
            "cosigned",
            "cosignatures-missing",
            "heads-kept",
            "members",
            "transactions",
            "blocks-verified",
            "verified-last-minute",
            "blocks-refused",
            "checkpoints-refused",
            "outbox-messages",
            "evidence",
            "liars",
            "fault",
            "policy",
            "checkpoint-head");

    @Mixin
    private AdminConnection gateway;

    @Parameters(arity = "0..1", paramLabel = "CHAIN", description = "A chain.")
    private String chain;

    @Option(names = "--json", description = "Print JSON instead of a table.")
    private boolean json;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (chain != null && !Names.isValid(chain)) {
            throw new UsageFault("no name of a chain: " + chain);
        }
        try (AdminConnection.Open connection = gateway.open()) {
            Map<String, Object> answer =
                    connection.values(ClientRequest.get(AdminTree.CHAINS + (chain == null ? "" : "/" + chain)));
            if (json) {
                System.out.println(Json.text(answer));
            } else if (chain == null) {
                Shown.table(Shown.rows(answer, "chains"), ROW, System.out);
            } else {
                Shown.facts(answer, FACTS, System.out);
            }
            return Cli.OK;
        }
    }
}
