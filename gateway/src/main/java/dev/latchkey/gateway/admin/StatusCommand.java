package dev.latchkey.gateway.admin;

import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.coap.ClientRequest;
import dev.latchkey.console.Cli;
import dev.latchkey.console.Json;
import dev.latchkey.console.Table;
import dev.latchkey.console.Units;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code latchkey admin status}: one screen on how a gateway is. */
@Command(
        name = "status",
        header = "Show how a gateway is: cloud link, heights, outbox, sessions, last fault.",
        footer = {
            "",
            "Examples:",
            "  latchkey admin status --key net/operator/admin --gateway 127.0.0.1:5685",
            "  latchkey admin status --key net/operator/admin \\",
            "      --gateway 127.0.0.1:5685 --json"
        },
        mixinStandardHelpOptions = true)
final class StatusCommand implements Callable<Integer> {
    private static final String CHAIN = "chain";

    @Mixin
    private AdminConnection gateway;

    @Option(names = "--json", description = "Print JSON instead of a table.")
    private boolean json;

    @Override
    public Integer call() throws IOException, InterruptedException {
        try (AdminConnection.Open connection = gateway.open()) {
            print(Values.decodeMap(connection.get(ClientRequest.get(AdminTree.STATUS))));
            return Cli.OK;
        } catch (MalformedCborException e) {
            throw new IOException("the gateway's answer is malformed", e);
        }
    }

    private void print(Map<String, Object> values) {
        if (json) {
            System.out.println(Json.text(values));
            return;
        }
        Table table = new Table("what", "value");
        addRows(table, "", values);
        table.print(System.out);
    }

    /** A row for each value; those of one chain begin with its name. */
    private static void addRows(Table table, String prefix, Map<?, ?> values) {
        values.forEach((key, value) -> {
            String name = (String) key;
            if (value instanceof List<?> chains) {
                for (Object chain : chains) {
                    if (chain instanceof Map<?, ?> ofChain) {
                        addRows(table, ofChain.get(CHAIN) + ": ", ofChain);
                    }
                }
            } else if (prefix.isEmpty() || !name.equals(CHAIN)) {
                table.row(prefix + label(name), shown(name, value));
            }
        });
    }

    /** Durations, moments and sizes are sent as numbers; their names end with the unit. */
    private static Object shown(String name, Object value) {
        if (value == null) {
            return "-";
        }
        if (value instanceof Long number) {
            if (name.endsWith("-since-ms")) {
                return Instant.ofEpochMilli(number).toString();
            }
            if (name.endsWith("-ms")) {
                return Units.text(Duration.ofMillis(number));
            }
            return name.endsWith("-bytes") ? Units.bytes(number) : number;
        }
        return value instanceof Boolean truth ? (truth ? "yes" : "no") : value;
    }

    private static String label(String name) {
        return (name.endsWith("-ms") ? name.substring(0, name.length() - 3) : name).replace('-', ' ');
    }
}
