package dev.latchkey.gateway.admin;

import dev.latchkey.coap.ClientRequest;
import dev.latchkey.console.Cli;
import dev.latchkey.console.Json;
import dev.latchkey.console.Table;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code latchkey admin sessions}: who is connected. */
@Command(
        name = "sessions",
        header = "Show who is connected to a gateway over DTLS, or end one connection.",
        description = "A member whose connection is closed may connect again; to keep it out suspend or revoke it.",
        footer = {
            "",
            "Examples:",
            "  latchkey admin sessions --key net/operator/admin --gateway 127.0.0.1:5685",
            "  latchkey admin sessions --key net/operator/admin \\",
            "      --gateway 127.0.0.1:5685 --close 17"
        },
        mixinStandardHelpOptions = true)
final class SessionsCommand implements Callable<Integer> {
    @Mixin
    private AdminConnection gateway;

    @Option(names = "--close", paramLabel = "ID", description = "End the connection with this number.")
    private Long close;

    @Option(names = "--json", description = "Print JSON instead of a table.")
    private boolean json;

    @Override
    public Integer call() throws IOException, InterruptedException {
        try (AdminConnection.Open connection = gateway.open()) {
            if (close != null) {
                connection.get(ClientRequest.delete(AdminTree.SESSIONS + "/" + close));
                System.out.println("closed " + close);
                return Cli.OK;
            }
            print(connection.pages(ClientRequest.get(AdminTree.SESSIONS), "sessions"));
            return Cli.OK;
        }
    }

    private void print(Map<String, Object> answer) {
        if (json) {
            System.out.println(Json.text(answer));
            return;
        }
        print(answer, System.currentTimeMillis()).print(System.out);
    }

    static Table print(Map<String, Object> answer, long now) {
        Table table =
                new Table("id", "who", "role", "chain", "address", "cid", "age", "last", "requests", "obs", "suite");
        for (Map<?, ?> row : Shown.rows(answer, "sessions")) {
            boolean isMember = row.get("member") != null;
            table.row(
                    row.get("id"),
                    isMember ? Shown.text(row, "member") : "voucher " + Shown.text(row, "voucher"),
                    Shown.text(row, "role"),
                    Shown.text(row, "chain"),
                    Shown.text(row, "address"),
                    Shown.text(row, "cid"),
                    Shown.text(row, "age-ms"),
                    Shown.ago(row, "last-request-ms", now),
                    Shown.text(row, "requests"),
                    Shown.text(row, "observations"),
                    suite(Shown.text(row, "suite")));
        }
        return table;
    }

    /** Without what all of them begin with. */
    private static String suite(String name) {
        return name.replaceFirst("^TLS_", "").replaceFirst("_WITH_", " ");
    }
}
