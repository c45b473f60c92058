package dev.latchkey.gateway;

import dev.latchkey.gateway.admin.ChainStatus;
import dev.latchkey.gateway.admin.Endpoints;
import dev.latchkey.gateway.admin.GatewayStatus;
import dev.latchkey.gateway.admin.MembersSeen;
import dev.latchkey.gateway.admin.Traffic;
import dev.latchkey.gateway.directory.ResourceDirectory;
import dev.latchkey.gateway.enrol.ProvisionalBook;
import dev.latchkey.gateway.inbox.Inbox;
import dev.latchkey.gateway.intake.Intake;
import dev.latchkey.gateway.outbox.Outboxes;
import dev.latchkey.gateway.store.Store;
import dev.latchkey.gateway.witness.EvidenceShelf;
import java.lang.management.ManagementFactory;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;

/**
 * Asks a gateway's parts how they are.
 *
 * @param endpoints its CoAP servers, asked for when both are there
 */
record Reporting(
        long startedMillis,
        Clock clock,
        ServedChains chains,
        Store store,
        Inbox inbox,
        Intake intake,
        ResourceDirectory directory,
        ProvisionalBook provisionals,
        MembersSeen seen,
        EvidenceShelf shelf,
        Supplier<Endpoints> endpoints) {
    GatewayStatus status() {
        List<ChainStatus> served = chains.status();
        Outboxes outboxes = chains.outboxes();
        Endpoints now = endpoints.get();
        return new GatewayStatus(
                Version.current(),
                chains.name(),
                clock.millis() - startedMillis,
                served,
                chains.isInService(),
                store.fault().isEmpty(),
                intake.isDraining(),
                outboxes.depth(),
                outboxes.bytes(),
                age(outboxes.oldestMillis()),
                outboxes.refused(),
                provisionals.size(),
                inbox.bytes(),
                intake.sessions(),
                new Traffic(
                        now.devices().sessions(),
                        now.admins().sessions(),
                        seen.size(),
                        seen.accepted(),
                        seen.refused()),
                directory.use(),
                shelf.count() - served.stream().mapToLong(ChainStatus::evidence).sum(),
                store.syncs(),
                store.units(),
                ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(),
                now.devices().counts());
    }

    /** Why the process should be started anew; empty while it is well. */
    Optional<String> notAlive() {
        return store.fault().map(fault -> "the store failed");
    }

    /** Why no device should be sent here now; empty when it should. */
    Optional<String> notReady() {
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

    private OptionalLong age(OptionalLong sinceMillis) {
        return sinceMillis.isPresent()
                ? OptionalLong.of(Math.max(0, clock.millis() - sinceMillis.getAsLong()))
                : OptionalLong.empty();
    }
}
