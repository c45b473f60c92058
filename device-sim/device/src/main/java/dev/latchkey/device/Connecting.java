package dev.latchkey.device;

import dev.latchkey.coap.ClientIdentity;
import dev.latchkey.coap.CoapsClient;
import dev.latchkey.coap.ServerCheck;
import dev.latchkey.cose.CoseKey;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.proof.VerifiedKey;
import dev.latchkey.transaction.MemberRecord;
import dev.latchkey.transaction.Role;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Connects a member to its gateway. The gateway's key is the one the device knows; another one is talked to only until
 * the chain has proved, by the record of the gateway's name, that it is the gateway's now.
 */
final class Connecting {
    private final Means means;

    /** A link to the gateway and the membership with the gateway's key of today. */
    record Connected(Membership self, GatewayLink link) {}

    /** Accepts one key, and remembers another that was shown. */
    private static final class Pin implements ServerCheck {
        private final CoseKey expected;
        private volatile CoseKey shown;

        Pin(CoseKey expected) {
            this.expected = expected;
            this.shown = expected;
        }

        @Override
        public boolean accepts(CoseKey serverKey) {
            shown = serverKey;
            return serverKey.equals(expected);
        }

        Optional<CoseKey> other() {
            return shown.equals(expected) ? Optional.empty() : Optional.of(shown);
        }
    }

    Connecting(Means means) {
        this.means = means;
    }

    CompletableFuture<Connected> connect(Membership self, KeyPair dtls) {
        Pin pin = new Pin(self.gatewayDtls());
        GatewayLink link;
        try {
            link = link(self, pin, dtls);
        } catch (IOException e) {
            return CompletableFuture.failedFuture(
                    new DeviceException(DeviceException.Kind.UNREACHABLE, "no connection could be begun", e));
        }
        return link.greet(() -> pin.other().isPresent())
                .handleAsync(
                        (done, failure) -> {
                            if (failure == null) {
                                return CompletableFuture.completedFuture(new Connected(self, link));
                            }
                            link.close();
                            return pin.other().isPresent()
                                    ? withOtherKey(self, pin.other().get(), dtls)
                                    : CompletableFuture.<Connected>failedFuture(Failures.cause(failure));
                        },
                        means.lane())
                .thenCompose(outcome -> outcome);
    }

    private GatewayLink link(Membership self, ServerCheck check, KeyPair dtls) throws IOException {
        InetSocketAddress gateway = new InetSocketAddress(self.gatewayHost(), self.gatewayPort());
        CoapsClient client = CoapsClient.connect(
                gateway,
                new ClientIdentity.RawKey(dtls),
                check,
                means.settings().options(),
                means.threads().network());
        return GatewayLink.insisting(client, means);
    }

    /** Asks a gateway of unproved key only for policy, checkpoint and its record, and goes on when they prove it. */
    private CompletableFuture<Connected> withOtherKey(Membership self, CoseKey shown, KeyPair dtls) {
        GatewayLink link;
        try {
            link = link(self, new Pin(shown), dtls);
        } catch (IOException e) {
            return CompletableFuture.failedFuture(
                    new DeviceException(DeviceException.Kind.UNREACHABLE, "no connection could be begun", e));
        }
        ChainView view = new ChainView(self.place(), ChainLink.own(link), means);
        return view.key(self.gatewayName(), Duration.ZERO)
                .thenApplyAsync(key -> Failures.wrapped(() -> takenOver(self, key, shown, link, view)), means.lane())
                .whenComplete((done, failure) -> {
                    if (failure != null) {
                        link.close();
                    }
                });
    }

    private Connected takenOver(Membership self, VerifiedKey key, CoseKey shown, GatewayLink link, ChainView view)
            throws IOException, DeviceException {
        view.relied(key.under());
        MemberRecord record = key.record();
        boolean proved = record.isActive()
                && record.role() == Role.GATEWAY
                && record.keys().dtls().equals(shown);
        if (!proved) {
            throw new DeviceException(DeviceException.Kind.UNPROVED, "the server's key is not the gateway's");
        }
        Membership now = self.withGatewayDtls(shown);
        means.files().keep(now);
        return new Connected(now, link);
    }
}
