package dev.latchkey.cloud.api;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.cloud.http.Answer;
import dev.latchkey.cloud.http.Call;
import dev.latchkey.cloud.http.Refusal;
import dev.latchkey.cloud.http.Route;
import dev.latchkey.cloud.raft.GroupStatus;
import dev.latchkey.cloud.raft.Member;
import dev.latchkey.cloud.raft.Membership;
import dev.latchkey.cloud.raft.RaftFault;
import dev.latchkey.cloud.raft.RaftNode;
import dev.latchkey.console.HostPort;
import dev.latchkey.cose.CoseKey;
import dev.latchkey.cose.MalformedKeyException;
import dev.latchkey.transaction.Names;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/**
 * How the cluster stands, for this machine, members, admins and auditors; and changes of its members and leaders, for who
 * holds a member's TLS key. Thread-safe.
 */
final class ClusterEndpoints {
    private static final int MAX_BODY_BYTES = 4_096;
    private static final int MAX_TEXT = 300;
    private static final int MAX_GROUP = 64;
    private static final String KEY = "0[23][0-9a-f]{64}";

    private final Access access;
    private final Membership membership;
    private final MailboxLog mailboxes;
    private final Marks logs;

    /** Appends empty entries. */
    @FunctionalInterface
    interface Marks {
        /** Completes with the index of the entry in the group's log when it is committed. */
        CompletionStage<Long> mark(String group);
    }

    ClusterEndpoints(Access access, Membership membership, MailboxLog mailboxes, Marks logs) {
        this.mailboxes = mailboxes;
        this.logs = logs;
        this.access = access;
        this.membership = membership;
    }

    List<Route> routes() {
        return List.of(
                Route.of("GET", "/v1/cluster", this::status),
                Route.of(
                        "POST", "/v1/cluster/{group}/members", MAX_BODY_BYTES, (call, bytes) -> admit(call), this::add),
                Route.of("DELETE", "/v1/cluster/{group}/members/{id}", this::remove),
                Route.of(
                        "POST", "/v1/cluster/{group}/leader", MAX_BODY_BYTES, (call, bytes) -> admit(call), this::lead),
                Route.of(
                        "POST",
                        "/v1/cluster/{group}/entries",
                        RaftNode.MAX_ENTRY_BYTES,
                        (call, bytes) -> admit(call),
                        this::entry),
                Route.of("POST", "/v1/cluster/{group}/marks", MAX_GROUP, (call, bytes) -> admit(call), this::mark));
    }

    /** An empty entry, for a member that wants to know what is newest; the body says the group again. */
    private CompletionStage<Answer> mark(Call call) {
        String group = led(call);
        if (!call.body().toUtf8().equals(group)) {
            throw Refusal.badRequest("the body is not the group's name");
        }
        return logs.mark(group)
                .thenApply(index -> Answer.ok(MediaTypes.CBOR, Cbor.encode(Cbor.uint(index))))
                .exceptionally(fault -> {
                    throw Refusal.notReady();
                });
    }

    /** An entry of a mailboxes' group, from a member that does not lead it; answered with what apply says. */
    private CompletionStage<Answer> entry(Call call) {
        return mailboxes.entry(led(call), call.body()).thenApply(reply -> Answer.ok(MediaTypes.CBOR, reply));
    }

    private void admit(Call call) {
        if (!access.isPeer(call)) {
            throw Refusal.forbidden("members are changed by who holds a member's TLS key");
        }
    }

    private CompletionStage<Answer> status(Call call) {
        if (!access.isPeer(call) && !access.mayWatch(call)) {
            throw Refusal.forbidden("the cluster's state is for this machine, members, admins and auditors");
        }
        List<Item> groups = new ArrayList<>();
        membership.groups().forEach(group -> groups.add(item(membership.status(group))));
        return CompletableFuture.completedFuture(
                Representation.of(Cbor.array(Cbor.text(membership.self()), Cbor.array(groups))));
    }

    /** {@code [group, role, leader / "", term, committed, applied, [* member]]}; an index counts from 1. */
    private static Item item(GroupStatus status) {
        return Cbor.array(
                Cbor.text(status.group()),
                Cbor.text(status.role()),
                Cbor.text(status.leader().orElse("")),
                Cbor.uint(status.term()),
                Cbor.uint(status.committed() + 1),
                Cbor.uint(status.applied() + 1),
                Cbor.array(status.members().stream().map(ClusterEndpoints::item).toList()));
    }

    /** {@code [id, address, api, key, committed, silent ms / null]}. */
    private static Item item(GroupStatus.MemberStatus status) {
        Member member = status.member();
        return Cbor.array(
                Cbor.text(member.id()),
                Cbor.text(member.address()),
                Cbor.text(member.api()),
                Cbor.text(member.key()),
                Cbor.uint(status.committed() + 1),
                status.silentMillis() < 0 ? Cbor.NULL : Cbor.uint(status.silentMillis()));
    }

    private CompletionStage<Answer> add(Call call) {
        return changed(membership.add(led(call), member(call.body())));
    }

    private CompletionStage<Answer> remove(Call call) {
        admit(call);
        return changed(membership.remove(led(call), call.variable("id")));
    }

    private CompletionStage<Answer> lead(Call call) {
        try {
            String id = id(Cbor.decode(call.body(), MAX_BODY_BYTES));
            return changed(membership.transfer(led(call), id));
        } catch (MalformedCborException e) {
            throw Refusal.badRequest("the body is not a member's id as a text");
        }
    }

    /** The group of the path, which this node leads. */
    private String led(Call call) {
        String group = call.variable("group");
        if (!membership.groups().contains(group)) {
            throw Refusal.notFound("unknown-group", "there is no such group");
        }
        if (!membership
                .leader(group)
                .filter(leader -> leader.id().equals(membership.self()))
                .isPresent()) {
            throw new Refusal(
                    421, "not-leader", membership.leader(group).map(Member::api).orElse(""));
        }
        return group;
    }

    /** {@code [id, address, api, key]}. */
    private static Member member(Bytes body) {
        try {
            List<Item> parts = Cbor.decode(body, MAX_BODY_BYTES).asArray(4);
            String key = parts.get(3).asText(MAX_TEXT);
            if (key.matches(KEY)) {
                CoseKey.fromSec1(Bytes.fromHex(key));
                return new Member(
                        id(parts.get(0)),
                        HostPort.parse(parts.get(1).asText(MAX_TEXT)).toString(),
                        HostPort.parse(parts.get(2).asText(MAX_TEXT)).toString(),
                        key);
            }
        } catch (MalformedCborException | MalformedKeyException | IllegalArgumentException e) {
            throw Refusal.badRequest("the body is not a member: id, address, api, key");
        }
        throw Refusal.badRequest("a member's key is 66 hexadecimal digits");
    }

    private static String id(Item item) throws MalformedCborException {
        String id = item.asText(MAX_TEXT);
        if (!Names.isValid(id)) {
            throw Refusal.badRequest("a member's id is 1 to 32 of a-z 0-9 . _ - and begins with a letter or digit");
        }
        return id;
    }

    private static CompletionStage<Answer> changed(CompletionStage<Void> change) {
        return change.handle((done, fault) -> {
            if (fault == null) {
                return new Answer.Whole(204, MediaTypes.CBOR, Map.of(), Bytes.EMPTY);
            }
            Throwable cause = fault instanceof CompletionException ? fault.getCause() : fault;
            if (cause instanceof RaftFault) {
                throw new Refusal(409, "not-changed", reason(cause));
            }
            throw new CompletionException(cause);
        });
    }

    private static String reason(Throwable fault) {
        Throwable cause = fault.getCause() == null ? fault : fault.getCause();
        String message = String.valueOf(cause.getMessage());
        return message.substring(0, Math.min(MAX_TEXT, message.length()));
    }
}
