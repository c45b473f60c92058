package dev.latchkey.cloud;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.cloud.operator.PublicKeys;
import dev.latchkey.cloud.raft.GroupStatus;
import dev.latchkey.cloud.raft.Member;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.protocol.MalformedMessageException;
import dev.latchkey.protocol.Problem;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Speaks to the members of a cluster with the TLS key of one of them; each call blocks. */
final class ClusterLink {
    private static final Duration CONNECT = Duration.ofSeconds(3);

    /** A new member may have to be sent the whole store. */
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private static final int MAX_ANSWER_BYTES = 1 << 20;
    private static final int MAX_TEXT = 300;

    private final KeyPair tls;
    private final List<Member> members;

    ClusterLink(KeyPair tls, List<Member> members) {
        this.tls = tls;
        this.members = List.copyOf(members);
    }

    /** How a member's groups stand, as it says itself. */
    List<GroupStatus> status(Member member) throws IOException {
        Bytes body = send(member, "GET", "/v1/cluster", Bytes.EMPTY);
        try {
            List<GroupStatus> groups = new ArrayList<>();
            for (Item group :
                    Cbor.decode(body, MAX_ANSWER_BYTES).asArray(2).get(1).asArray()) {
                groups.add(group(group.asArray(7)));
            }
            return groups;
        } catch (MalformedCborException e) {
            throw new IOException("the answer of " + member.id() + " is not what it should be", e);
        }
    }

    private static GroupStatus group(List<Item> parts) throws MalformedCborException {
        String leader = parts.get(2).asText(MAX_TEXT);
        List<GroupStatus.MemberStatus> members = new ArrayList<>();
        for (Item each : parts.get(6).asArray()) {
            List<Item> member = each.asArray(6);
            members.add(new GroupStatus.MemberStatus(
                    new Member(
                            member.get(0).asText(MAX_TEXT),
                            member.get(1).asText(MAX_TEXT),
                            member.get(2).asText(MAX_TEXT),
                            member.get(3).asText(MAX_TEXT)),
                    member.get(4).asUint() - 1,
                    member.get(5).isNull() ? -1 : member.get(5).asUint()));
        }
        return new GroupStatus(
                parts.get(0).asText(MAX_TEXT),
                parts.get(1).asText(MAX_TEXT),
                leader.isEmpty() ? Optional.empty() : Optional.of(leader),
                parts.get(3).asUint(),
                parts.get(4).asUint() - 1,
                parts.get(5).asUint() - 1,
                members);
    }

    /** What the leader of each group says of it. */
    List<GroupStatus> led() throws IOException {
        IOException last = new IOException("no member answers");
        for (Member asked : members) {
            try {
                List<GroupStatus> led = new ArrayList<>();
                for (GroupStatus group : status(asked)) {
                    Member leader = leader(group);
                    status(leader).stream()
                            .filter(each -> each.group().equals(group.group()))
                            .forEach(led::add);
                }
                return led;
            } catch (IOException e) {
                last = e;
            }
        }
        throw last;
    }

    /** The member that leads a group. */
    static Member leader(GroupStatus group) throws IOException {
        return group.members().stream()
                .map(GroupStatus.MemberStatus::member)
                .filter(member -> group.leader().filter(member.id()::equals).isPresent())
                .findFirst()
                .orElseThrow(() -> new IOException("nobody leads " + group.group() + " now"));
    }

    void add(GroupStatus group, Member member) throws IOException {
        Bytes body = Cbor.encode(Cbor.array(
                Cbor.text(member.id()), Cbor.text(member.address()), Cbor.text(member.api()), Cbor.text(member.key())));
        send(leader(group), "POST", "/v1/cluster/" + group.group() + "/members", body);
    }

    void remove(GroupStatus group, String id) throws IOException {
        send(leader(group), "DELETE", "/v1/cluster/" + group.group() + "/members/" + id, Bytes.EMPTY);
    }

    void transfer(GroupStatus group, String id) throws IOException {
        send(leader(group), "POST", "/v1/cluster/" + group.group() + "/leader", Cbor.encode(Cbor.text(id)));
    }

    /**
     * Has a member keep the lead of a group, which it was handed, whatever it thinks of itself.
     *
     * @throws IOException if it does not lead
     */
    void keep(GroupStatus group, String id) throws IOException {
        Member member = group.members().stream()
                .map(GroupStatus.MemberStatus::member)
                .filter(each -> each.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new IOException("there is no member " + id));
        send(member, "POST", "/v1/cluster/" + group.group() + "/leader", Cbor.encode(Cbor.text(id)));
    }

    private Bytes send(Member member, String method, String path, Bytes body) throws IOException {
        HttpClient client = PinnedHttp.client(tls, key -> PublicKeys.text(key).equals(member.key()), CONNECT);
        HttpRequest request = HttpRequest.newBuilder(URI.create("https://" + member.api() + path))
                .timeout(PATIENCE)
                .method(method, body.size() == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body.toArray()))
                .build();
        try {
            HttpResponse<byte[]> response = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
            if (response.statusCode() / 100 != 2) {
                throw new IOException(member.id() + " refuses: " + reason(Bytes.wrap(response.body())));
            }
            return Bytes.wrap(response.body());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        } catch (IOException e) {
            throw e.getMessage() != null && e.getMessage().startsWith(member.id())
                    ? e
                    : new IOException(member.id() + " does not answer at " + member.api(), e);
        }
    }

    private static String reason(Bytes body) {
        try {
            Problem problem = Problem.decode(body);
            return problem.code() + (problem.detail().isEmpty() ? "" : ", " + problem.detail());
        } catch (MalformedMessageException e) {
            return "without a reason";
        }
    }
}
