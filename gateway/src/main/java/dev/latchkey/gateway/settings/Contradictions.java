package dev.latchkey.gateway.settings;

import dev.latchkey.coap.ServerLimits;
import dev.latchkey.console.HostPort;
import dev.latchkey.console.Setting;
import dev.latchkey.console.Settings;
import dev.latchkey.console.UsageFault;
import java.net.InetAddress;
import java.util.Set;

/** Settings that are right each by itself and cannot be meant together; each is refused by both names. Stateless. */
final class Contradictions {
    private static final Set<String> EVERYWHERE = Set.of("0.0.0.0", "::");

    private Contradictions() {}

    /** @throws UsageFault that names the two, if there are any */
    static GatewaySettings refuse(Settings source, GatewaySettings read) {
        ServerLimits limits = read.coap().limits();
        refusePart(
                source,
                "limits.inbox-per-member",
                read.bounds().inboxPerMember(),
                "limits.inboxes",
                read.bounds().inboxes());
        refusePart(
                source,
                "limits.directory-per-member",
                read.directory().bytesPerMember(),
                "limits.directory",
                read.directory().bytes());
        refusePart(
                source,
                "coap.handshakes-per-address",
                limits.handshakes().pendingPerAddress(),
                "coap.handshakes",
                limits.handshakes().pending());
        refusePart(
                source,
                "coap.hellos-per-second-per-address",
                limits.handshakes().hellosPerSecondPerAddress(),
                "coap.hellos-per-second",
                limits.handshakes().hellosPerSecond());
        refusePart(
                source,
                "coap.connections-per-member",
                limits.connections().perKey(),
                "coap.connections",
                limits.connections().all());
        refusePart(
                source,
                "coap.connections-per-voucher",
                limits.connections().perVoucher(),
                "coap.connections",
                limits.connections().all());
        refusePart(
                source,
                "coap.requests-in-flight-per-connection",
                limits.requests().inFlightPerPeer(),
                "coap.requests-in-flight",
                limits.requests().inFlight());
        refusePart(
                source,
                "coap.observations-per-connection",
                limits.observing().perPeer(),
                "coap.observations",
                limits.observing().all());
        refusePart(
                source,
                "coap.transfers-per-connection",
                limits.transfers().perPeer(),
                "coap.transfers",
                limits.transfers().all());
        refuseIf(
                read.cloudTiming().firstRetry().compareTo(read.cloudTiming().longestRetry()) > 0,
                source,
                "cloud.first-retry",
                "is longer than cloud.longest-retry");
        refuseIf(
                read.replica().checkpointInterval().compareTo(read.replica().headsKept()) > 0,
                source,
                "replica.heads-kept",
                "is shorter than replica.checkpoint-interval: no proof could be asked for in time");
        refuseIf(
                samePlace(read.listen(), read.adminListen()),
                source,
                "admin.listen",
                "is where devices connect by listen");
        refuseIf(
                read.data().equals(read.keys()),
                source,
                "data",
                "is the directory of keys: a lost store must not take the keys with it");
        read.jobs()
                .backups()
                .ifPresent(directory -> refuseIf(
                        directory.startsWith(read.data()),
                        source,
                        "backup.directory",
                        "lies in data: it would be lost with it"));
        return read;
    }

    private static void refuseIf(boolean wrong, Settings source, String key, String explanation) {
        if (wrong) {
            throw source.fault(key, explanation);
        }
    }

    /** Somebody's part of a whole; a default that is more than a whole that was made smaller says nothing. */
    private static void refusePart(Settings source, String key, long part, String wholeKey, long whole) {
        Setting setting = source.all().get(key);
        boolean meant = !setting.value().equals(setting.standard());
        refuseIf(meant && part > whole, source, key, "is more than " + wholeKey + ", of which it is a part");
    }

    private static boolean samePlace(HostPort devices, HostPort admins) {
        return devices.port() != 0
                && devices.port() == admins.port()
                && (devices.host().equals(admins.host())
                        || EVERYWHERE.contains(devices.host())
                        || EVERYWHERE.contains(admins.host())
                        || sameAddress(
                                devices.address().getAddress(), admins.address().getAddress()));
    }

    private static boolean sameAddress(InetAddress one, InetAddress other) {
        return one != null && one.equals(other);
    }
}
