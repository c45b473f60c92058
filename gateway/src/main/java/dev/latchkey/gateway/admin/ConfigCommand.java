package dev.latchkey.gateway.admin;

import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.coap.ClientRequest;
import dev.latchkey.coap.CoapResponse;
import dev.latchkey.coap.Method;
import dev.latchkey.console.Cli;
import dev.latchkey.console.Json;
import dev.latchkey.console.Table;
import dev.latchkey.console.UsageFault;
import dev.latchkey.protocol.ContentFormat;
import java.io.IOException;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code latchkey admin config}: a gateway's settings, and changing those that may change while it runs. */
@Command(
        name = "config",
        header = "Show the settings of a running gateway, and change those that may change.",
        footer = {
            "",
            "Examples:",
            "  latchkey admin config get --key net/operator/admin --gateway 127.0.0.1:5685",
            "  latchkey admin config set log.level info --key net/operator/admin \\",
            "      --gateway 127.0.0.1:5685",
            "  latchkey admin config set chains \\",
            "      '[{ id = \"ID-1\", name = \"seattle\" }, { id = \"ID-2\", name = \"tacoma\" }]' \\",
            "      --key net/operator/admin --gateway 127.0.0.1:5685",
            "  latchkey admin config unset chains --key net/operator/admin \\",
            "      --gateway 127.0.0.1:5685      # serves what the settings file lists now"
        },
        mixinStandardHelpOptions = true)
final class ConfigCommand {
    private static final int LONGEST_CELL = 40;

    @Command(name = "get", header = "Show all settings as they count, or one whole.", mixinStandardHelpOptions = true)
    int get(
            @Mixin AdminConnection gateway,
            @Parameters(arity = "0..1", paramLabel = "KEY", description = "Only this one's value.") String key,
            @Option(names = "--json", description = "Print JSON instead of a table.") boolean json)
            throws IOException, InterruptedException {
        try (AdminConnection.Open connection = gateway.open()) {
            Map<String, Object> settings = Values.decodeMap(connection.get(ClientRequest.get(ConfigResource.CONFIG)));
            if (key != null) {
                if (!(settings.get(key) instanceof Map<?, ?> one)) {
                    throw new UsageFault("no setting " + key);
                }
                System.out.println(json ? Json.text(one) : shown(one.get("value")));
            } else if (json) {
                System.out.println(Json.text(settings));
            } else {
                Table table = new Table("setting", "value", "default", "from", "changeable");
                new TreeMap<>(settings).forEach((name, value) -> {
                    if (value instanceof Map<?, ?> one) {
                        table.row(
                                name,
                                new Table.Left(cut(shown(one.get("value")))),
                                new Table.Left(cut(shown(one.get("default")))),
                                shown(one.get("origin")),
                                Boolean.TRUE.equals(one.get("changeable")) ? "yes" : "");
                    }
                });
                table.print(System.out);
            }
            return Cli.OK;
        } catch (MalformedCborException e) {
            throw new IOException("the gateway's answer is malformed", e);
        }
    }

    @Command(name = "set", header = "Change a setting, at once and for later starts.", mixinStandardHelpOptions = true)
    int set(
            @Mixin AdminConnection gateway,
            @Parameters(index = "0", paramLabel = "KEY", description = "Such as log.level.") String key,
            @Parameters(index = "1", paramLabel = "VALUE", description = "As it stands in a settings file.")
                    String value)
            throws IOException, InterruptedException {
        return change(gateway, Map.of(key, value));
    }

    @Command(
            name = "unset",
            header = "Take a change back: what the settings file says counts again.",
            mixinStandardHelpOptions = true)
    int unset(
            @Mixin AdminConnection gateway,
            @Parameters(paramLabel = "KEY", description = "Such as log.level.") String key)
            throws IOException, InterruptedException {
        return change(gateway, Collections.singletonMap(key, null));
    }

    private static int change(AdminConnection gateway, Map<String, ?> changes)
            throws IOException, InterruptedException {
        try (AdminConnection.Open connection = gateway.open()) {
            CoapResponse now = connection.answer(ClientRequest.get(ConfigResource.CONFIG));
            ClientRequest patch = ClientRequest.of(Method.IPATCH, ConfigResource.CONFIG)
                    .withPayload(ContentFormat.CBOR, Values.encode(changes));
            connection.get(now.etag().map(patch::withIfMatch).orElse(patch));
            Map<String, Object> after = Values.decodeMap(connection.get(ClientRequest.get(ConfigResource.CONFIG)));
            for (String key : changes.keySet()) {
                if (after.get(key) instanceof Map<?, ?> one) {
                    System.out.println(key + " = " + shown(one.get("value")) + "   (" + shown(one.get("origin")) + ")");
                }
            }
            return Cli.OK;
        } catch (MalformedCborException e) {
            throw new IOException("the gateway's answer is malformed", e);
        }
    }

    /** A list of chains would make each line of the table as long as itself; asked for alone a value is shown whole. */
    private static String cut(String text) {
        return text.length() <= LONGEST_CELL ? text : text.substring(0, LONGEST_CELL - 3) + "...";
    }

    private static String shown(Object text) {
        return String.valueOf(text).replaceAll("\\p{Cntrl}", "?");
    }
}
