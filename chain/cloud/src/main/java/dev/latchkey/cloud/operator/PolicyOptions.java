package dev.latchkey.cloud.operator;

import java.util.List;
import picocli.CommandLine.Option;

/** What about a policy is to change; what is not named stays. */
final class PolicyOptions {
    @Option(names = "--difficulty", paramLabel = "BITS", description = "Leading zero bits of a header's hash, 0 to 24.")
    Integer difficulty;

    @Option(
            names = "--transactions-per-hour",
            paramLabel = "N",
            description = "Transactions of a member in one hour of header time.")
    Long transactionsPerHour;

    @Option(names = "--retention-hours", paramLabel = "N", description = "How long unread messages are kept.")
    Long retentionHours;

    @Option(
            names = "--witness-quorum",
            paramLabel = "Q",
            description = "Cosignatures that a cautious verifier asks for.")
    Integer witnessQuorum;

    @Option(names = "--add-witness", paramLabel = "GATEWAY", description = "An active gateway by name.")
    List<String> addWitness = List.of();

    @Option(names = "--remove-witness", paramLabel = "GATEWAY", description = "A witness by name.")
    List<String> removeWitness = List.of();

    @Option(names = "--operator-threshold", paramLabel = "K", description = "How many operators must sign.")
    Integer operatorThreshold;

    @Option(
            names = "--add-operator",
            paramLabel = "KEY",
            description = "An operator's public key, as `operator key FILE` prints it.")
    List<String> addOperator = List.of();

    @Option(names = "--remove-operator", paramLabel = "KID", description = "An operator by the id of its key.")
    List<String> removeOperator = List.of();

    @Option(names = "--replica-threshold", paramLabel = "K", description = "How many replicas must sign a checkpoint.")
    Integer replicaThreshold;

    @Option(
            names = "--add-replica",
            paramLabel = "SIG,TLS",
            description = "A cloud node's two public keys, as `operator key FILE` prints them.")
    List<String> addReplica = List.of();

    @Option(names = "--remove-replica", paramLabel = "KID", description = "A replica by the id of its sig key.")
    List<String> removeReplica = List.of();

    @Option(
            names = "--add-sibling",
            paramLabel = "NAME",
            description = "A sub-network of network.conf; if it is one already, its keys as they are now.")
    List<String> addSibling = List.of();

    @Option(names = "--remove-sibling", paramLabel = "NAME", description = "A sibling by name.")
    List<String> removeSibling = List.of();

    @Option(names = "--moves-in", description = "Members of the added siblings may move in without an admin.")
    boolean movesIn;
}
