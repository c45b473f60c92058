package dev.latchkey.cloud.api;

import dev.latchkey.cloud.http.Route;
import dev.latchkey.console.Metrics;
import java.util.Map;
import java.util.Optional;

/** What the API's document says about the routes. Stateless. A test fails for a route that is not here. */
final class RouteDocs {
    private static final String TEXT = "text/plain;charset=utf-8";
    private static final String EVERYBODY = "everybody";
    private static final String ANY_KEY = "every client that shows a key";
    private static final String KNOWN = "active members, members on a move, gateways of siblings, replicas";
    private static final String OWNER = "the owner; an active gateway with the owner's ticket in Latchkey-Serve-Ticket";
    private static final String HEAD = "height of the head to answer under; the newest one by default";

    private static final Map<String, RouteDoc> DOCS = Map.ofEntries(
            Map.entry(
                    "GET /healthz",
                    RouteDoc.of("Whether the process answers", EVERYBODY).answers(200, TEXT)),
            Map.entry(
                    "GET /readyz",
                    RouteDoc.of("Whether the node is in service", EVERYBODY)
                            .answers(200, TEXT)
                            .problems("503 not-ready")),
            Map.entry(
                    "GET /metrics",
                    RouteDoc.of("Figures for Prometheus", "this machine, admins, auditors")
                            .answers(200, Metrics.CONTENT_TYPE)
                            .problems("403 forbidden")),
            Map.entry(
                    "GET /v1/openapi.json",
                    RouteDoc.of("This document", EVERYBODY).answers(200, MediaTypes.JSON)),
            Map.entry(
                    "GET /v1/cluster",
                    RouteDoc.of("How each group of the log stands", "this machine, members, admins, auditors")
                            .answers(200, MediaTypes.CBOR)
                            .problems("403 forbidden")),
            Map.entry("POST /v1/cluster/{group}/members", ofMembers("Adds a member, which has caught up then")),
            Map.entry("DELETE /v1/cluster/{group}/members/{id}", ofMembers("Removes a member")),
            Map.entry("POST /v1/cluster/{group}/leader", ofMembers("Hands the lead to a member")),
            Map.entry(
                    "POST /v1/cluster/{group}/entries",
                    RouteDoc.of(
                                    "A delivery or what a member found in a mailboxes' group, for the member that leads it",
                                    "keys of members")
                            .answers(200, MediaTypes.CBOR)
                            .problems("403 forbidden", "404 unknown-group", "421 not-leader", "503 not-ready")),
            Map.entry(
                    "GET /v1/backup",
                    RouteDoc.of("All that the node keeps, as one archive", "replicas of all chains of the node")
                            .answers(200, MediaTypes.CBOR_SEQUENCE)
                            .problems("403 forbidden", "429 backup-under-way")),
            Map.entry(
                    "POST /v1/cluster/{group}/marks",
                    RouteDoc.of("An empty entry, whose index a member waits for before it reads", "keys of members")
                            .answers(200, MediaTypes.CBOR)
                            .problems("403 forbidden", "404 unknown-group", "421 not-leader", "503 not-ready")),
            Map.entry(
                    "GET /v1/chains",
                    RouteDoc.of("The chains of this node", EVERYBODY).answers(200, MediaTypes.CBOR)),
            Map.entry(
                    "POST /v1/chains",
                    RouteDoc.of("Begins a further chain with a genesis transaction", ANY_KEY)
                            .answers(201, MediaTypes.CBOR)
                            .problems("400 bad-time", "403 forbidden", "403 not-operators", "403 not-a-replica")
                            .problems("403 bad-signature", "403 too-many-chains", "409 chain-exists", "409 name-taken")
                            .problems("503 not-ready", "503 no-checkpoint")),
            Map.entry(
                    "GET /v1/chains/{c}",
                    chain("A chain's newest state", EVERYBODY).answers(200, MediaTypes.CBOR)),
            Map.entry(
                    "GET /v1/chains/{c}/policy",
                    chain("Genesis, policy and evidence transactions", EVERYBODY)
                            .query("from", "how many of them the asker has already")
                            .answers(200, MediaTypes.CBOR_SEQUENCE)),
            Map.entry(
                    "GET /v1/chains/{c}/checkpoint",
                    chain("A signed checkpoint", EVERYBODY)
                            .query("h", HEAD)
                            .query("q", "the newest one with so many cosignatures of witnesses")
                            .answers(200, MediaTypes.CHECKPOINT)
                            .problems("404 stale-height", "404 too-few-witnesses", "503 no-checkpoint")),
            Map.entry(
                    "GET /v1/chains/{c}/blocks",
                    chain("Blocks, as they are or as they come", "gateways, admins, auditors, replicas")
                            .query("from*", "height of the first one")
                            .query("to", "height of the last one: the answer never changes and has an ETag")
                            .query("follow", "1: the answer stays open and brings new blocks")
                            .answers(200, MediaTypes.CBOR_SEQUENCE)
                            .answers(304)
                            .problems("403 forbidden", "404 unknown-height")),
            Map.entry(
                    "GET /v1/chains/{c}/keys",
                    known("Records of up to 16 names, with one proof")
                            .query("names*", "the names, with commas between them")
                            .query("h", HEAD)
                            .answers(200, MediaTypes.CBOR)
                            .problems("400 bad-name")),
            Map.entry(
                    "GET /v1/chains/{c}/keys/{name}",
                    known("The record of a name, or that there is none, with its proof")
                            .query("h", HEAD)
                            .answers(200, MediaTypes.CBOR)
                            .problems("400 bad-name")),
            Map.entry(
                    "GET /v1/chains/{c}/keys/{name}/history",
                    known("The records that a name had, newest first, with a proof")
                            .query("h", HEAD)
                            .answers(200, MediaTypes.CBOR)
                            .problems("400 bad-name", "404 unknown-name")),
            Map.entry(
                    "GET /v1/chains/{c}/consistency",
                    chain("That one head continues another", EVERYBODY)
                            .query("a*", "height of the older head")
                            .query("b", "height of the newer head; the newest by default")
                            .answers(200, MediaTypes.CBOR)
                            .problems("404 unknown-height", "503 no-checkpoint")),
            Map.entry(
                    "GET /v1/chains/{c}/headers/{height}",
                    known("A block's header and its path")
                            .query("h", HEAD)
                            .answers(200, MediaTypes.CBOR)
                            .problems("404 unknown-height")),
            Map.entry(
                    "GET /v1/chains/{c}/receipts/{txid}",
                    known("The receipt of a transaction")
                            .query("form", "cose: this replica's RFC 9942 receipt of the block's header")
                            .answers(200, MediaTypes.CBOR, MediaTypes.COSE_RECEIPT)
                            .problems("404 unknown-transaction")),
            Map.entry(
                    "POST /v1/chains/{c}/cosignatures",
                    chain("Takes the signatures of witnesses", ANY_KEY)
                            .answers(204)
                            .problems("403 forbidden", "403 not-a-witness", "409 other-height", "422 other-head")
                            .problems("422 bad-signature", "422 bad-time", "503 no-checkpoint")),
            Map.entry(
                    "POST /v1/chains/{c}/signatures",
                    chain("Signs what another replica signed; between members of a cluster", "keys of members")
                            .answers(200, MediaTypes.CBOR)
                            .problems("403 forbidden", "409 other-height", "422 other-head", "422 bad-signature")
                            .problems("503 no-checkpoint")),
            Map.entry(
                    "POST /v1/chains/{c}/evidence",
                    chain("Takes evidence against replicas", ANY_KEY)
                            .answers(204)
                            .problems("403 forbidden", "422 no-contradiction", "422 bad-genesis", "422 bad-policy")
                            .problems("422 other-chain", "503 no-checkpoint")),
            Map.entry(
                    "POST /v1/chains/{c}/transactions",
                    chain(
                                    "Submits transactions; each gets its receipt or a reason",
                                    "active members and replicas; others one, as" + " the entrance allows")
                            .answers(200, MediaTypes.CBOR)
                            .problems("403 forbidden", "503 no-checkpoint")),
            Map.entry(
                    "POST /v1/messages",
                    chain("Takes a batch of sealed messages", "active gateways")
                            .query("chain*", "id of the chain, in hexadecimal")
                            .answers(200, MediaTypes.CBOR)
                            .problems("403 forbidden", "409 foreign-sequence")),
            Map.entry(
                    "GET /v1/mailboxes/{c}/{name}",
                    chain("Reads a mailbox", OWNER)
                            .query("after", "sequence after which to begin")
                            .query("limit", "most entries; 1024 by default")
                            .query("follow", "1: the answer stays open and brings new entries")
                            .answers(200, MediaTypes.CBOR_SEQUENCE)
                            .problems("403 forbidden", "403 not-served")),
            Map.entry(
                    "GET /v1/mailboxes/{c}/{name}/state",
                    chain("What waits in a mailbox, and what its retention took", OWNER)
                            .answers(200, MediaTypes.CBOR)
                            .problems("403 forbidden", "403 not-served")),
            Map.entry(
                    "DELETE /v1/mailboxes/{c}/{name}",
                    chain("Acknowledges what was read", OWNER)
                            .query("upto*", "sequence up to which, and with which, everything goes")
                            .answers(204)
                            .problems("403 forbidden", "403 not-served")),
            Map.entry(
                    "POST /v1/mailboxes/{c}/follow",
                    chain("Follows many mailboxes in one stream", "active gateways with the owners' tickets")
                            .answers(200, MediaTypes.CBOR_SEQUENCE)
                            .problems("403 forbidden", "403 not-served")));

    private RouteDocs() {}

    private static RouteDoc ofMembers(String summary) {
        return RouteDoc.of(summary, "keys of members; asked of who leads the group")
                .answers(204)
                .problems("403 forbidden", "404 unknown-group", "409 not-changed", "421 not-leader");
    }

    private static RouteDoc chain(String summary, String whom) {
        return RouteDoc.of(summary, whom).problems("404 unknown-chain", "503 not-ready");
    }

    private static RouteDoc known(String summary) {
        return chain(summary, KNOWN).problems("403 forbidden", "404 stale-height", "503 no-checkpoint");
    }

    static Optional<RouteDoc> of(Route route) {
        return Optional.ofNullable(DOCS.get(route.method() + " " + route.template()));
    }
}
