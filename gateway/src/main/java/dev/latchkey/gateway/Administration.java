package dev.latchkey.gateway;

import dev.latchkey.cose.CoseKey;
import dev.latchkey.gateway.admin.AdminChain;
import dev.latchkey.gateway.admin.AdminResource;
import dev.latchkey.gateway.admin.AdminTree;
import dev.latchkey.gateway.admin.ChainsResource;
import dev.latchkey.gateway.admin.DevicesResource;
import dev.latchkey.gateway.admin.Endpoints;
import dev.latchkey.gateway.admin.GatewayStatus;
import dev.latchkey.gateway.admin.MembersSeen;
import dev.latchkey.gateway.admin.MetricsResource;
import dev.latchkey.gateway.admin.MetricsServer;
import dev.latchkey.gateway.admin.QueueResource;
import dev.latchkey.gateway.admin.SessionsResource;
import dev.latchkey.gateway.admin.StatusResource;
import dev.latchkey.gateway.admin.WitnessesResource;
import dev.latchkey.gateway.inbox.Inbox;
import dev.latchkey.gateway.intake.Intake;
import dev.latchkey.gateway.intake.TicketBook;
import dev.latchkey.gateway.settings.GatewaySettings;
import dev.latchkey.gateway.witness.EvidenceShelf;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * What the admin endpoint shows of a gateway's parts.
 *
 * @param sig the gateway's own sig key
 * @param status how the gateway is now
 * @param endpoints its CoAP servers, asked for when both are there
 */
record Administration(
        GatewaySettings settings,
        CoseKey sig,
        ServedChains chains,
        MembersSeen seen,
        TicketBook tickets,
        Inbox inbox,
        Intake intake,
        EvidenceShelf shelf,
        Executor workers,
        Clock clock,
        Supplier<GatewayStatus> status,
        Supplier<Endpoints> endpoints) {
    /** All resources, in the order of the index. */
    AdminTree tree() {
        Supplier<List<AdminChain>> served = chains::forAdmins;
        List<AdminResource> resources = List.of(
                new StatusResource(status),
                new MetricsResource(status),
                new SessionsResource(endpoints, served, clock),
                new DevicesResource(served, endpoints, seen, tickets, inbox, intake, workers, clock),
                new QueueResource(served, settings.bounds().outbox(), workers, clock),
                new ChainsResource(served, workers),
                new WitnessesResource(sig, served, shelf, workers));
        return new AdminTree(resources);
    }

    /**
     * The figures for Prometheus, if the settings say where.
     *
     * @param failed whether the store failed
     * @param stopping whether the gateway is about to stop
     * @throws dev.latchkey.console.UsageFault if the port is in use
     */
    Optional<MetricsServer> metrics(BooleanSupplier failed, BooleanSupplier stopping) throws IOException {
        if (settings.metrics().listen().isEmpty()) {
            return Optional.empty();
        }
        MetricsServer.Source source = new MetricsServer.Source(
                status,
                () -> failed.getAsBoolean() ? Optional.of("the store failed") : Optional.empty(),
                () -> stopping.getAsBoolean() ? Optional.of("stopping") : notInService());
        return Optional.of(Listening.bound(
                "metrics.listen", settings.metrics().listen().get(), address -> MetricsServer.start(address, source)));
    }

    private Optional<String> notInService() {
        if (chains.isInService()) {
            return Optional.empty();
        }
        String problem = chains.status().stream()
                .flatMap(chain -> chain.cloudProblem().stream())
                .findFirst()
                .map(reason -> ": " + reason)
                .orElse("");
        return Optional.of("no chain is verified to a checkpoint that names this gateway" + problem);
    }
}
