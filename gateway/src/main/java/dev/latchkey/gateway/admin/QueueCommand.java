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

/** {@code latchkey admin queue}: what waits for the cloud. */
@Command(
        name = "queue",
        header = "Show what waits for the cloud, or of one chain also what the cloud refused.",
        footer = {
            "",
            "Examples:",
            "  latchkey admin queue --key net/operator/admin --gateway 127.0.0.1:5685",
            "  latchkey admin queue seattle --key net/operator/admin \\",
            "      --gateway 127.0.0.1:5685"
        },
        mixinStandardHelpOptions = true)
final class QueueCommand implements Callable<Integer> {
    private static final List<String> ROW =
            List.of("chain", "messages", "bytes", "oldest-ms", "acknowledged-sequence", "next-sequence", "refused");
    private static final List<String> REFUSED =
            List.of("sequence", "code", "sender", "accepted-since-ms", "bytes", "session");

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
            Map<String, Object> answer = chain == null
                    ? connection.values(ClientRequest.get(AdminTree.QUEUE))
                    : connection.pages(ClientRequest.get(AdminTree.QUEUE + "/" + chain), "refused-messages");
            if (json) {
                System.out.println(Json.text(answer));
            } else if (chain == null) {
                System.out.println(Shown.text(answer, "messages") + " messages wait, " + Shown.text(answer, "bytes")
                        + " of " + Shown.text(answer, "max-bytes"));
                System.out.println();
                Shown.table(Shown.rows(answer, "chains"), ROW, System.out);
            } else {
                Shown.facts(answer, ROW, System.out);
                if (!Shown.list(answer, "refused-messages").isEmpty()) {
                    System.out.println();
                    Shown.table(Shown.rows(answer, "refused-messages"), REFUSED, System.out);
                }
            }
            return Cli.OK;
        }
    }
}
