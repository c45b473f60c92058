package dev.latchkey.cloud.operator;

import dev.latchkey.transaction.Policy;
import java.util.ArrayList;
import java.util.List;

/** A policy in lines, each of which says one thing, so that two policies can be compared line by line. Stateless. */
final class PolicyText {
    private PolicyText() {}

    /** All of a policy. */
    static List<String> lines(Policy policy) {
        List<String> lines = new ArrayList<>();
        lines.add("number " + policy.number());
        lines.add("operators: " + policy.operators().k() + " of "
                + policy.operators().keys().size() + " must sign");
        policy.operators().keys().forEach(key -> lines.add("operator " + key.kid()));
        lines.add("replicas: " + policy.replicas().k() + " of "
                + policy.replicas().nodes().size() + " must sign a checkpoint");
        policy.replicas()
                .nodes()
                .forEach(node -> lines.add(
                        "replica " + node.sig().kid() + ", tls " + node.tls().kid()));
        lines.add("witnesses: " + policy.witnesses().q() + " of "
                + policy.witnesses().gateways().size() + " asked for");
        policy.witnesses()
                .gateways()
                .forEach(witness -> lines.add(
                        "witness " + witness.name() + ", key " + witness.sig().kid()));
        lines.add("difficulty " + policy.difficulty() + " bits");
        lines.add("limit: " + policy.limits().transactionsPerHour() + " transactions of a member in an hour");
        lines.add("unread messages are kept for " + policy.limits().retentionHours() + " hours");
        policy.siblings().forEach(sibling -> lines.add(sibling(sibling)));
        return lines;
    }

    private static String sibling(Policy.Sibling sibling) {
        List<String> kids =
                sibling.replicas().stream().map(key -> key.kid().toString()).toList();
        return "sibling " + sibling.name() + " " + sibling.chain().toHex() + ", " + sibling.k() + " of replicas "
                + String.join(" ", kids) + ", "
                + (sibling.movesIn() ? "members move in freely" : "an admin lets members in");
    }

    /** What goes, with {@code -}, and what comes, with {@code +}. */
    static List<String> difference(Policy before, Policy after) {
        List<String> old = lines(before);
        List<String> now = lines(after);
        List<String> lines = new ArrayList<>();
        old.stream().filter(line -> !now.contains(line)).forEach(line -> lines.add("- " + line));
        now.stream().filter(line -> !old.contains(line)).forEach(line -> lines.add("+ " + line));
        return lines;
    }
}
