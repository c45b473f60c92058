package dev.latchkey.gateway;

import dev.latchkey.gateway.admin.Endpoints;
import dev.latchkey.gateway.identity.OwnKeys;
import dev.latchkey.gateway.intake.Intake;
import dev.latchkey.gateway.job.Backup;
import dev.latchkey.gateway.job.Drain;
import dev.latchkey.gateway.job.JobKind;
import dev.latchkey.gateway.job.JobResource;
import dev.latchkey.gateway.job.Jobs;
import dev.latchkey.gateway.job.Rotate;
import dev.latchkey.gateway.job.Snapshot;
import dev.latchkey.gateway.job.Sync;
import dev.latchkey.gateway.job.VerifyStore;
import dev.latchkey.gateway.replica.Replica;
import dev.latchkey.gateway.settings.GatewaySettings;
import dev.latchkey.gateway.store.Store;
import java.time.Clock;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** The jobs that this gateway can do, and their resource; closed before what they work with. */
final class AdminJobs implements AutoCloseable {
    private final Jobs jobs;
    private final JobResource resource;
    private final OwnKeys keys;

    AdminJobs(
            GatewaySettings settings,
            Store store,
            ServedChains chains,
            Intake intake,
            Notifier notifier,
            Clock clock,
            OwnKeys keys,
            Supplier<Endpoints> endpoints) {
        this.keys = keys;
        Drain drain = new Drain(intake, chains.outboxes(), store);
        Map<JobKind, Jobs.Offer> offers = new EnumMap<>(JobKind.class);
        offers.put(JobKind.DRAIN, new Jobs.Offer("messages", drain));
        offers.put(JobKind.SYNC, new Jobs.Offer("blocks", new Sync(() -> toSync(chains))));
        offers.put(JobKind.VERIFY, new Jobs.Offer("blocks", new VerifyStore(() -> replicas(chains))));
        offers.put(
                JobKind.SNAPSHOT,
                new Jobs.Offer("snapshots", new Snapshot(store, settings.jobs().snapshots(), clock)));
        settings.jobs()
                .backups()
                .ifPresent(directory -> offers.put(
                        JobKind.BACKUP,
                        new Jobs.Offer("bytes", new Backup(store, directory, settings.source()::print, clock))));
        offers.put(
                JobKind.ROTATE,
                new Jobs.Offer("chains", new Rotate(() -> toRotate(chains), keys, chains::keysChanged, () -> {
                    chains.keysChanged();
                    endpoints.get().identity(keys.current().dtls());
                })));
        jobs = new Jobs(offers, settings.jobs().kept(), clock, id -> {
            notifier.adminsChanged(JobResource.JOBS);
            notifier.adminsChanged(JobResource.JOBS + "/" + id);
        });
        resource = new JobResource(jobs, drain);
    }

    /** Goes on with a change of keys that the gateway before this one did not finish. */
    void resume() {
        if (keys.next().isPresent()) {
            jobs.start(JobKind.ROTATE);
        }
    }

    JobResource resource() {
        return resource;
    }

    @Override
    public void close() {
        jobs.close();
    }

    private static List<Sync.Chain> toSync(ServedChains chains) {
        return chains.all().stream()
                .map(chain -> new Sync.Chain(chain.named().name(), chain.replica(), chain.cloud()))
                .toList();
    }

    private static List<Rotate.Chain> toRotate(ServedChains chains) {
        return chains.all().stream()
                .map(chain -> new Rotate.Chain(
                        chain.named().name(), chain.replica(), chain.cloud(), chain.forwarder()::submit))
                .toList();
    }

    private static Map<String, Replica> replicas(ServedChains chains) {
        Map<String, Replica> replicas = new LinkedHashMap<>();
        chains.all().forEach(chain -> replicas.put(chain.named().name(), chain.replica()));
        return replicas;
    }
}
