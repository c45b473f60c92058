package dev.latchkey.gateway.doctor;

import dev.latchkey.checkpoint.MalformedCheckpointException;
import dev.latchkey.checkpoint.SignedCheckpoint;
import dev.latchkey.console.HostPort;
import dev.latchkey.console.Units;
import dev.latchkey.cose.EcVerifier;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.gateway.replica.StoredHeight;
import dev.latchkey.gateway.settings.GatewaySettings;
import dev.latchkey.gateway.settings.GatewaySettings.NamedChain;
import dev.latchkey.gateway.store.Store;
import dev.latchkey.gateway.uplink.CloudClient;
import dev.latchkey.gateway.uplink.PolicyWalk;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Whether the cloud answers for each chain, what it says of time, and how far behind this gateway's store is. */
final class CloudChecks {
    /** As far as a header may be ahead of a gateway's clock. */
    private static final Duration MOST_AHEAD = Duration.ofSeconds(60);

    private final GatewaySettings settings;
    private final KeyPair tls;
    private final EcVerifier verifier;
    private final Clock clock;

    CloudChecks(GatewaySettings settings, KeyPair tls, EcVerifier verifier, Clock clock) {
        this.settings = settings;
        this.tls = tls;
        this.verifier = verifier;
        this.clock = clock;
    }

    /** @param store the gateway's store; empty when it runs, or has none yet */
    List<Finding> all(Optional<Store> store) throws InterruptedException {
        List<Finding> findings = new ArrayList<>();
        for (NamedChain chain : settings.chains()) {
            ofChain(chain, store, findings);
        }
        return findings;
    }

    private void ofChain(NamedChain chain, Optional<Store> store, List<Finding> findings) throws InterruptedException {
        String check = "cloud " + chain.name();
        List<String> addresses =
                settings.cloud().stream().map(HostPort::toString).toList();
        try (CloudClient cloud = new CloudClient(chain.id(), addresses, tls, verifier, settings.cloudTiming())) {
            PolicyWalk walk = cloud.walk();
            cloud.trust(walk.policy().policy());
            SignedCheckpoint newest = SignedCheckpoint.decode(cloud.checkpoint());
            findings.add(Finding.ok(
                    check,
                    "answers with the keys that follow from the chain id, height "
                            + newest.checkpoint().height()));
            findings.add(clock(chain, newest));
            findings.add(lag(chain, newest.checkpoint().height(), store));
        } catch (IOException | MalformedCheckpointException e) {
            findings.add(
                    Finding.fail(
                            check,
                            "no good answer from " + String.join(", ", addresses) + ": " + e.getMessage(),
                            "check cloud.addresses, the way there (TCP), and chains: the id is of another network if keys do not fit"));
        }
    }

    private Finding clock(NamedChain chain, SignedCheckpoint newest) {
        Instant there = Instant.ofEpochMilli(newest.checkpoint().timeMillis());
        Duration ahead = Duration.between(clock.instant(), there);
        return ahead.compareTo(MOST_AHEAD) > 0
                ? Finding.fail(
                        "clock " + chain.name(),
                        "the newest block is " + Units.text(ahead) + " ahead of this machine's clock",
                        "set the clock, for instance by NTP")
                : Finding.ok("clock " + chain.name(), "not behind the newest block");
    }

    private Finding lag(NamedChain chain, long newest, Optional<Store> store) {
        String check = "lag " + chain.name();
        if (store.isEmpty()) {
            return Finding.ok(check, "not looked at: the store is in use, or new; latchkey admin status shows it");
        }
        OptionalLong stored = StoredHeight.of(store.get(), chain.id());
        long behind = newest - stored.orElse(-1);
        return Finding.ok(check, behind <= 0 ? "none" : Units.count(behind) + " blocks to fetch at the start");
    }
}
