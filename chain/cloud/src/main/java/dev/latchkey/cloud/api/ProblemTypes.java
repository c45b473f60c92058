package dev.latchkey.cloud.api;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Every problem that the API answers with, by status and code, and when it does. Stateless. */
final class ProblemTypes {
    private static final Map<String, String> TYPES = new TreeMap<>(Map.ofEntries(
            Map.entry("400 malformed", "body, path or query is not what the resource takes"),
            Map.entry("400 bad-name", "a name breaks the grammar of names"),
            Map.entry("400 bad-time", "a genesis whose time is more than 60 s ahead of the node's clock"),
            Map.entry("403 forbidden", "the caller's key may not do this"),
            Map.entry("403 not-operators", "a genesis that k operators of this network did not sign"),
            Map.entry("403 not-a-replica", "a genesis that does not name this node's replica key and TLS key"),
            Map.entry("403 bad-signature", "a genesis with a signature missing, or one that does not verify"),
            Map.entry("403 too-many-chains", "a genesis of one chain too many for this node"),
            Map.entry("403 not-served", "no serve ticket, or one that is not good"),
            Map.entry("403 not-a-witness", "no signature of the checkpoint is of a witness of the policy"),
            Map.entry("404 not-found", "there is no such resource"),
            Map.entry("404 unknown-chain", "this node does not order that chain"),
            Map.entry("404 unknown-group", "there is no such group"),
            Map.entry("404 unknown-name", "nobody of that name was ever a member"),
            Map.entry("404 unknown-height", "the chain, or the checkpoint, does not reach that height"),
            Map.entry("404 unknown-transaction", "no such transaction was applied"),
            Map.entry("404 stale-height", "the head of that height is no longer kept"),
            Map.entry("404 too-few-witnesses", "no kept head has so many cosignatures"),
            Map.entry("405 method-not-allowed", "the resource has other methods; Allow names them"),
            Map.entry("408 too-slow", "the request did not arrive in time"),
            Map.entry("409 chain-exists", "a genesis of a chain that this node orders already"),
            Map.entry("409 foreign-sequence", "a batch with a store epoch that another gateway used first"),
            Map.entry("409 name-taken", "a genesis under the name of another chain of the network"),
            Map.entry("409 not-changed", "the members could not be changed; the detail says why"),
            Map.entry("409 other-height", "that head is not kept or not there; the detail is the node's height"),
            Map.entry("413 too-large", "the body is larger than the resource takes from this caller"),
            Map.entry("415 unsupported-media-type", "Content-Type names something else than CBOR"),
            Map.entry("421 not-leader", "another member leads the group; the detail is its API address"),
            Map.entry("422 no-contradiction", "the two checkpoints of the evidence do not contradict each other"),
            Map.entry("422 bad-genesis", "the evidence does not begin with this chain's genesis"),
            Map.entry("422 bad-policy", "the policies of the evidence do not follow from each other"),
            Map.entry("422 other-chain", "the evidence is about another chain"),
            Map.entry("422 bad-signature", "a signature of the cosigned checkpoint does not verify"),
            Map.entry("422 other-head", "this node signed another head of that height"),
            Map.entry("422 bad-time", "a cosignature of a moment more than 60 s ahead"),
            Map.entry(
                    "429 too-many-requests", "the client asks more often than allowed; Retry-After says when to go on"),
            Map.entry("429 backup-under-way", "there is one backup at a time"),
            Map.entry("431 headers-too-large", "request line and headers are larger than 8 KiB together"),
            Map.entry("500 internal", "a fault of the node; it is in its log"),
            Map.entry("503 overloaded", "too much is waiting, or open; try again later"),
            Map.entry("503 not-ready", "the node does not take entries now; the detail of /readyz says why"),
            Map.entry("503 no-checkpoint", "this node signs no checkpoint; the detail says why")));

    private ProblemTypes() {}

    /** All of them in the order of their statuses. */
    static List<String> names() {
        return List.copyOf(TYPES.keySet());
    }

    /** What one means. */
    static String text(String name) {
        return TYPES.get(name);
    }

    /** The URI of one, which leads to its place in the API's document (RFC 9457, section 3.1.1). */
    static String uri(int status, String code) {
        return "/v1/openapi.json#/components/responses/" + key(status + " " + code);
    }

    /** The key of one among the document's components. */
    static String key(String name) {
        return name.replace(' ', '-');
    }
}
