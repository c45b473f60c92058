package dev.latchkey.gateway.admin;

import dev.latchkey.console.Screen.Line;
import dev.latchkey.console.Screen.Tone;
import dev.latchkey.console.Table;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The status of a gateway on one screen: what is wrong stands first, and in red where there are colours. Stateless. */
final class StatusScreen {
    private StatusScreen() {}

    /** What to show of the values of {@code /a/st}. */
    static List<Line> lines(Map<String, Object> status) {
        List<Line> lines = new ArrayList<>();
        lines.add(new Line(head(status), Tone.STRONG));
        alarms(status).forEach(alarm -> lines.add(new Line("! " + alarm, Tone.BAD)));
        Table groups = new Table()
                .row(
                        "devices",
                        "connections " + text(status, "connections") + ", observations "
                                + text(status, "coap-observations") + ", members seen " + text(status, "members-seen")
                                + ", sessions " + text(status, "sessions"))
                .row(
                        "messages",
                        "accepted " + text(status, "messages-accepted") + ", rejected "
                                + text(status, "messages-rejected") + ", waiting for members "
                                + text(status, "inbox-bytes"))
                .row(
                        "outbox",
                        "messages " + text(status, "outbox-messages") + ", " + text(status, "outbox-bytes")
                                + ", oldest "
                                + text(status, "outbox-oldest-ms") + ", refused by the cloud "
                                + text(status, "refused-messages"))
                .row(
                        "store",
                        (Shown.truth(status, "store-good") ? "good" : "FAILED") + ", synced writes "
                                + text(status, "synced-writes") + ", changes " + text(status, "written-changes"))
                .row(
                        "directory",
                        "registrations " + text(status, "directory-registrations") + ", "
                                + text(status, "directory-bytes") + " of " + text(status, "directory-bound-bytes")
                                + ", refused " + text(status, "directory-refused") + ", look-ups "
                                + text(status, "directory-lookups"))
                .row("admins", "connections " + text(status, "admin-connections"));
        groups.lines().forEach(line -> lines.add(new Line(line, Tone.PLAIN)));
        lines.add(new Line("", Tone.PLAIN));
        Table chains = new Table(
                "chain", "cloud", "height", "lag", "checkpoint", "signed", "cosigned", "members", "outbox", "evidence");
        for (Map<?, ?> chain : Shown.rows(status, "chains")) {
            chains.row(
                    Shown.text(chain, "chain"),
                    Shown.truth(chain, "cloud-up") ? "up" : "DOWN",
                    text(chain, "height"),
                    text(chain, "lag"),
                    text(chain, "checkpoint"),
                    text(chain, "signed-height"),
                    text(chain, "cosigned"),
                    text(chain, "members"),
                    text(chain, "outbox-messages"),
                    text(chain, "evidence"));
        }
        chains.lines().forEach(line -> lines.add(new Line(line, Tone.PLAIN)));
        return lines;
    }

    /** The same on one line, for a log. */
    static String line(Map<String, Object> status, Instant now) {
        StringBuilder line = new StringBuilder(now.toString().substring(0, 19))
                .append("Z in-service=")
                .append(text(status, "in-service"))
                .append(" cloud=")
                .append(Shown.truth(status, "cloud-up") ? "up" : "down")
                .append(" connections=")
                .append(Shown.number(status, "connections"))
                .append(" accepted=")
                .append(Shown.number(status, "messages-accepted"))
                .append(" rejected=")
                .append(Shown.number(status, "messages-rejected"))
                .append(" outbox=")
                .append(Shown.number(status, "outbox-messages"));
        for (Map<?, ?> chain : Shown.rows(status, "chains")) {
            line.append(' ')
                    .append(Shown.text(chain, "chain"))
                    .append("=")
                    .append(Shown.number(chain, "height"))
                    .append("/")
                    .append(Shown.number(chain, "announced") < 0 ? Shown.NONE : Shown.number(chain, "announced"));
        }
        return line.toString();
    }

    private static String head(Map<String, Object> status) {
        return "gateway " + text(status, "gateway") + ", "
                + (Shown.truth(status, "in-service") ? "in service" : "NOT in service") + ", up "
                + text(status, "uptime-ms") + ", version " + text(status, "version");
    }

    private static List<String> alarms(Map<String, Object> status) {
        List<String> alarms = new ArrayList<>();
        if (status.containsKey("store-good") && !Shown.truth(status, "store-good")) {
            alarms.add("the store failed: nothing is accepted before a new start");
        }
        if (Shown.truth(status, "draining")) {
            alarms.add("draining: no readings are taken before admin job run drain --off, or a new start");
        }
        for (Map<?, ?> chain : Shown.rows(status, "chains")) {
            String name = Shown.text(chain, "chain") + ": ";
            if (!Shown.truth(chain, "cloud-up")) {
                alarms.add(name + "cloud down since " + text(chain, "cloud-since-ms") + ", "
                        + text(chain, "cloud-problem"));
            }
            if (chain.get("last-fault") != null) {
                alarms.add(name + "last fault at " + text(chain, "last-fault"));
            }
            if (Shown.number(chain, "lying-replicas") > 0) {
                alarms.add(name + "lying replicas: " + text(chain, "lying-replicas") + ", see admin witnesses");
            }
        }
        if (Shown.number(status, "sibling-evidence") > 0) {
            alarms.add("evidence about chains that are not served here: " + text(status, "sibling-evidence"));
        }
        if (Shown.number(status, "provisional-joins") > 0) {
            alarms.add(
                    "provisional joins: " + text(status, "provisional-joins") + ", which the chain has not decided on");
        }
        if (Shown.number(status, "refused-messages") > 0) {
            alarms.add(
                    "messages that the cloud refused: " + text(status, "refused-messages") + ", see admin queue CHAIN");
        }
        return alarms;
    }

    private static String text(Map<?, ?> values, String name) {
        return Shown.text(values, name);
    }
}
