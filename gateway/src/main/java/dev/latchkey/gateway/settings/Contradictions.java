package dev.latchkey.gateway.settings;

import dev.latchkey.console.HostPort;
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
        refuseIf(
                read.bounds().inboxPerMember() > read.bounds().inboxes(),
                source,
                "limits.inbox-per-member",
                "is more than limits.inboxes, the room of all members together");
        refuseIf(
                read.cloudTiming().firstRetry().compareTo(read.cloudTiming().longestRetry()) > 0,
                source,
                "cloud.first-retry",
                "is longer than cloud.longest-retry");
        refuseIf(
                read.coap().connectionsPerMember() > read.coap().connections(),
                source,
                "coap.connections-per-member",
                "is more than coap.connections, those of all members together");
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
        return read;
    }

    private static void refuseIf(boolean wrong, Settings source, String key, String explanation) {
        if (wrong) {
            throw source.fault(key, explanation);
        }
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
