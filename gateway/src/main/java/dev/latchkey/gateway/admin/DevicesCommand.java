package dev.latchkey.gateway.admin;

import dev.latchkey.coap.ClientRequest;
import dev.latchkey.console.Cli;
import dev.latchkey.console.Json;
import dev.latchkey.console.Table;
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

/** {@code latchkey admin devices}: the members that a gateway has seen. */
@Command(
        name = "devices",
        header = "Show the members that a gateway has seen since its start, or all it knows of one.",
        footer = {
            "",
            "Examples:",
            "  latchkey admin devices --key net/operator/admin --gateway 127.0.0.1:5685",
            "  latchkey admin devices handheld-7 --key net/operator/admin \\",
            "      --gateway 127.0.0.1:5685"
        },
        mixinStandardHelpOptions = true)
final class DevicesCommand implements Callable<Integer> {
    private static final List<String> FACTS = List.of(
            "name",
            "chain",
            "id",
            "role",
            "state",
            "record-height",
            "connected",
            "first-request-ms",
            "last-request-ms",
            "requests",
            "accepted",
            "refused",
            "delivered",
            "acknowledged",
            "inbox-messages",
            "inbox-bytes",
            "sessions-opened",
            "served",
            "ticket-until-ms");

    @Mixin
    private AdminConnection gateway;

    @Parameters(arity = "0..1", paramLabel = "NAME", description = "A member, seen or not.")
    private String name;

    @Option(names = "--chain", paramLabel = "CHAIN", description = "Only of this chain.")
    private String chain;

    @Option(names = "--json", description = "Print JSON instead of a table.")
    private boolean json;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (name != null && !Names.isValid(name)) {
            throw new UsageFault("no name of a member: " + name);
        }
        ClientRequest request = ClientRequest.get(AdminTree.DEVICES + (name == null ? "" : "/" + name));
        request = chain == null ? request : request.withQuery("n", chain);
        try (AdminConnection.Open connection = gateway.open()) {
            Map<String, Object> answer =
                    name == null ? connection.pages(request, "devices") : connection.values(request);
            if (json) {
                System.out.println(Json.text(answer));
            } else if (name == null) {
                printAll(answer);
            } else {
                printOne(answer);
            }
            return Cli.OK;
        }
    }

    private static void printAll(Map<String, Object> answer) {
        long now = System.currentTimeMillis();
        Table table = new Table("name", "chain", "state", "connected", "last", "requests", "accepted", "refused");
        for (Map<?, ?> row : Shown.rows(answer, "devices")) {
            table.row(
                    Shown.text(row, "name"),
                    Shown.text(row, "chain"),
                    Shown.text(row, "state"),
                    Shown.text(row, "connected"),
                    Shown.ago(row, "last-request-ms", now),
                    Shown.text(row, "requests"),
                    Shown.text(row, "accepted"),
                    Shown.text(row, "refused"));
        }
        table.print(System.out);
    }

    private static void printOne(Map<String, Object> answer) {
        Shown.facts(answer, FACTS, System.out);
        if (!Shown.list(answer, "sessions").isEmpty()) {
            System.out.println();
            SessionsCommand.print(answer, System.currentTimeMillis()).print(System.out);
        }
    }
}
