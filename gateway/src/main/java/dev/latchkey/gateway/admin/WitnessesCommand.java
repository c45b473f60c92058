package dev.latchkey.gateway.admin;

import dev.latchkey.coap.ClientRequest;
import dev.latchkey.console.Cli;
import dev.latchkey.console.Json;
import dev.latchkey.console.Table;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code latchkey admin witnesses}: who cosigns, and the evidence that is kept. */
@Command(
        name = "witnesses",
        header = "Show who cosigns checkpoints, and the evidence that a gateway keeps.",
        description = {
            "A file of two histories is checked with latchkey audit --evidence FILE; what did not verify lies in the",
            "gateway's store and is shown by its height and SHA-256."
        },
        footer = {
            "",
            "Examples:",
            "  latchkey admin witnesses --key net/operator/admin \\",
            "      --gateway 127.0.0.1:5685"
        },
        mixinStandardHelpOptions = true)
final class WitnessesCommand implements Callable<Integer> {
    private static final List<String> EVIDENCE =
            List.of("kind", "chain", "file", "kept-since-ms", "height", "digest", "bytes");

    @Mixin
    private AdminConnection gateway;

    @Option(names = "--json", description = "Print JSON instead of a table.")
    private boolean json;

    @Override
    public Integer call() throws IOException, InterruptedException {
        try (AdminConnection.Open connection = gateway.open()) {
            Map<String, Object> answer = connection.values(ClientRequest.get(AdminTree.WITNESSES));
            if (json) {
                System.out.println(Json.text(answer));
            } else {
                print(answer);
            }
            return Cli.OK;
        }
    }

    private static void print(Map<String, Object> answer) {
        System.out.println("this gateway's key " + Shown.text(answer, "key"));
        System.out.println();
        Table table = new Table("chain", "witness", "kid", "cosigned", "at");
        for (Map<?, ?> chain : Shown.rows(answer, "chains")) {
            String own = Shown.truth(chain, "listed") ? "this gateway" : "this gateway, not listed";
            table.row(Shown.text(chain, "chain"), own, Shown.NONE, Shown.text(chain, "cosigned"), Shown.NONE);
            for (Map<?, ?> witness : Shown.rows(chain, "witnesses")) {
                table.row(
                        Shown.text(chain, "chain"),
                        Shown.text(witness, "name"),
                        Shown.text(witness, "kid"),
                        Shown.text(witness, "cosigned"),
                        Shown.text(witness, "cosigned-since-ms"));
            }
        }
        table.print(System.out);
        System.out.println();
        if (Shown.list(answer, "evidence").isEmpty()) {
            System.out.println("no evidence");
        } else {
            System.out.println("evidence, files in " + Shown.text(answer, "directory"));
            Shown.table(Shown.rows(answer, "evidence"), EVIDENCE, System.out);
        }
    }
}
