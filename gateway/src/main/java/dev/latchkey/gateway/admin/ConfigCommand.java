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
            "      --key net/operator/admin --gateway 127.0.0.1:5685"
        },
        mixinStandardHelpOptions = true)
final class ConfigCommand {
    @Command(name = "get", header = "Show all settings, or one.", mixinStandardHelpOptions = true)
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
                                new Table.Left(shown(one.get("value"))),
                                new Table.Left(shown(one.get("default"))),
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
            return Cli.OK;
        }
    }

    private static String shown(Object text) {
        return String.valueOf(text).replaceAll("\\p{Cntrl}", "?");
    }
}
