package dev.latchkey.gateway.admin;

import dev.latchkey.coap.ClientRequest;
import dev.latchkey.console.Cli;
import dev.latchkey.console.Json;
import dev.latchkey.console.Table;
import dev.latchkey.protocol.ContentFormat;
import dev.latchkey.senml.MalformedPackException;
import dev.latchkey.senml.Measurement;
import dev.latchkey.senml.Pack;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code latchkey admin metrics}: all figures of a gateway. */
@Command(
        name = "metrics",
        header = "Print what a gateway measures: heights, checks, evidence, outbox, connections.",
        footer = {
            "",
            "Examples:",
            "  latchkey admin metrics --key net/operator/admin --gateway 127.0.0.1:5685",
            "  latchkey admin metrics --key net/operator/admin \\",
            "      --gateway 127.0.0.1:5685 --json",
            "  latchkey admin metrics --key net/operator/admin \\",
            "      --gateway 127.0.0.1:5685 --prometheus >gateway.prom"
        },
        mixinStandardHelpOptions = true)
final class MetricsCommand implements Callable<Integer> {
    @Mixin
    private AdminConnection gateway;

    @ArgGroup
    private Form form = new Form();

    /** How they are printed. */
    private static final class Form {
        @Option(names = "--json", description = "Print JSON instead of a table; a chain's names begin with CHAIN/.")
        private boolean json;

        @Option(
                names = "--prometheus",
                description = "Print what Prometheus reads, as for the textfile collector of its node exporter.")
        private boolean prometheus;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Map<String, BigDecimal> figures = figures();
        if (form.json) {
            System.out.println(Json.text(figures));
        } else if (form.prometheus) {
            System.out.print(PrometheusText.of(figures));
        } else {
            Table table = new Table("what", "value");
            figures.forEach((name, value) -> table.row(name, value.longValue()));
            table.print(System.out);
        }
        return Cli.OK;
    }

    private Map<String, BigDecimal> figures() throws IOException, InterruptedException {
        Map<String, BigDecimal> figures = new LinkedHashMap<>();
        try (AdminConnection.Open connection = gateway.open()) {
            long from = 0;
            do {
                ClientRequest request = ClientRequest.get(AdminTree.METRICS)
                        .withAccept(ContentFormat.SENML_CBOR)
                        .withQuery(MetricsResource.FROM, from);
                for (Measurement one : Pack.fromCbor(connection.get(request)).resolve(Instant.now())) {
                    one.number().ifPresent(number -> figures.put(one.name(), number));
                }
                from += GatewayFigures.CHAINS_PER_PACK;
            } while (from
                    < figures.getOrDefault(GatewayFigures.CHAINS, BigDecimal.ZERO)
                            .longValue());
        } catch (MalformedPackException e) {
            throw new IOException("the gateway's answer is malformed", e);
        }
        return figures;
    }
}
