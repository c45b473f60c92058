package dev.latchkey.gateway;

import dev.latchkey.console.LogRing;
import dev.latchkey.cose.Signer;
import dev.latchkey.gateway.admin.AdminChain;
import dev.latchkey.gateway.admin.AdminResource;
import dev.latchkey.gateway.admin.AdminTree;
import dev.latchkey.gateway.admin.BlocksResource;
import dev.latchkey.gateway.admin.ChainsResource;
import dev.latchkey.gateway.admin.ConfigResource;
import dev.latchkey.gateway.admin.DevicesResource;
import dev.latchkey.gateway.admin.Endpoints;
import dev.latchkey.gateway.admin.GatewayStatus;
import dev.latchkey.gateway.admin.LogResource;
import dev.latchkey.gateway.admin.MembersSeen;
import dev.latchkey.gateway.admin.MetricsResource;
import dev.latchkey.gateway.admin.QueueResource;
import dev.latchkey.gateway.admin.SessionsResource;
import dev.latchkey.gateway.admin.StatusResource;
import dev.latchkey.gateway.admin.WitnessesResource;
import dev.latchkey.gateway.inbox.Inbox;
import dev.latchkey.gateway.intake.Intake;
import dev.latchkey.gateway.intake.TicketBook;
import dev.latchkey.gateway.settings.ChangedSettings;
import dev.latchkey.gateway.settings.GatewaySettings;
import dev.latchkey.gateway.witness.EvidenceShelf;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * What the admin endpoint shows of a gateway's parts.
 *
 * @param sig signs with the gateway's own sig key
 * @param status how the gateway is now
 * @param endpoints its CoAP servers, asked for when both are there
 * @param log what it logged last
 */
record Administration(
        GatewaySettings settings,
        Signer sig,
        ServedChains chains,
        MembersSeen seen,
        TicketBook tickets,
        Inbox inbox,
        Intake intake,
        EvidenceShelf shelf,
        Executor workers,
        Clock clock,
        Supplier<GatewayStatus> status,
        Supplier<Endpoints> endpoints,
        LogRing log) {
    /**
     * All resources, in the order of the index.
     *
     * @param steering what changes something
     */
    AdminTree tree(List<AdminResource> steering) {
        Supplier<List<AdminChain>> served = chains::forAdmins;
        List<AdminResource> resources = new ArrayList<>(List.of(
                new StatusResource(status),
                new MetricsResource(status),
                new SessionsResource(endpoints, served, clock),
                new DevicesResource(served, endpoints, seen, tickets, inbox, intake, workers, clock),
                new QueueResource(served, chains::outboxMaxBytes, workers, clock),
                new ChainsResource(served, workers),
                new BlocksResource(served, workers),
                new WitnessesResource(sig, served, shelf, workers),
                new LogResource(log)));
        resources.addAll(steering);
        resources.add(new ConfigResource(new ChangedSettings(settings, this::take), workers));
        return new AdminTree(resources);
    }

    /** First what may be refused. */
    private void take(GatewaySettings before, GatewaySettings after) throws IOException {
        chains.take(before, after);
        inbox.limit(after.bounds().inboxPerMember(), after.bounds().inboxes());
        endpoints.get().limit(after.coap().limits());
    }
}
