package dev.latchkey.gateway.admin;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.coap.ClientIdentity;
import dev.latchkey.coap.ClientOptions;
import dev.latchkey.coap.ClientRequest;
import dev.latchkey.coap.ClientThreads;
import dev.latchkey.coap.CoapResponse;
import dev.latchkey.coap.CoapsClient;
import dev.latchkey.coap.CoapsException;
import dev.latchkey.coap.Code;
import dev.latchkey.coap.ServerCheck;
import dev.latchkey.console.Cli;
import dev.latchkey.console.HostPort;
import dev.latchkey.console.Json;
import dev.latchkey.console.Table;
import dev.latchkey.console.Units;
import dev.latchkey.console.UsageFault;
import dev.latchkey.cose.CoseKey;
import dev.latchkey.cose.MalformedKeyException;
import dev.latchkey.host.EcProviders;
import dev.latchkey.host.IdentityDirectory;
import dev.latchkey.protocol.MalformedMessageException;
import dev.latchkey.protocol.Problem;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import picocli.CommandLine.Command;
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
    private static final String WHO_MAY = "--key must hold the keys of a current member with role admin";
    private static final Duration LONGEST = Duration.ofSeconds(15);

    @Option(
            names = "--key",
            required = true,
            paramLabel = "DIR",
            description = "Directory with the keys of a member with role admin.")
    private Path key;

    @Option(
            names = "--gateway",
            required = true,
            paramLabel = "HOST:PORT",
            description = "The gateway's admin endpoint.")
    private HostPort gateway;

    @Option(
            names = "--gateway-key",
            paramLabel = "HEX",
            description = "The gateway's DTLS key as COSE_Key, 84 hexadecimal digits; needed unless it is on loopback.")
    private String gatewayKey;

    @Option(names = "--json", description = "Print JSON instead of a table.")
    private boolean json;

    @Override
    public Integer call() throws IOException, InterruptedException {
        EcProviders.install();
        InetSocketAddress address = gateway.address();
        ServerCheck check = check(address);
        ClientIdentity identity =
                new ClientIdentity.RawKey(IdentityDirectory.load(key).dtls());
        try (ClientThreads threads = new ClientThreads(2);
                CoapsClient client = CoapsClient.connect(
                        address, identity, check, ClientOptions.DEFAULT.withRequestTimeout(LONGEST), threads)) {
            print(answer(client.send(ClientRequest.get(AdminTree.STATUS)).get()));
            return Cli.OK;
        } catch (ExecutionException e) {
            throw unanswered(e.getCause());
        }
    }

    /** A gateway ends the handshake with a key that its chain does not know. */
    private IOException unanswered(Throwable cause) {
        boolean inHandshake =
                cause instanceof CoapsException fault && fault.reason() == CoapsException.Reason.HANDSHAKE_FAILED;
        return new IOException(
                "no answer from " + gateway + ": " + cause.getMessage() + (inHandshake ? "; " + WHO_MAY : ""), cause);
    }

    private ServerCheck check(InetSocketAddress address) {
        if (address.isUnresolved()) {
            throw new UsageFault("no such host: " + gateway);
        }
        if (gatewayKey == null) {
            if (!address.getAddress().isLoopbackAddress()) {
                throw new UsageFault("--gateway-key is needed for a gateway on another machine");
            }
            return serverKey -> true;
        }
        try {
            CoseKey expected = CoseKey.decode(Bytes.fromHex(gatewayKey));
            return expected::equals;
        } catch (MalformedKeyException | IllegalArgumentException e) {
            throw new UsageFault("--gateway-key is not a key of 84 hexadecimal digits");
        }
    }

    private static Map<String, Object> answer(CoapResponse response) throws IOException {
        try {
            if (response.code().isSuccess()) {
                return GatewayStatus.decode(response.payload());
            }
            String code = response.payload().isEmpty()
                    ? ""
                    : " " + Problem.decode(response.payload()).code();
            if (response.code().equals(Code.FORBIDDEN)) {
                throw new UsageFault("the gateway answered " + response.code() + code + ": " + WHO_MAY);
            }
            throw new IOException("the gateway answered " + response.code() + code);
        } catch (MalformedCborException | MalformedMessageException e) {
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
