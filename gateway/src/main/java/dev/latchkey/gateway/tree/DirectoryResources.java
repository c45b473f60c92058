package dev.latchkey.gateway.tree;

import static dev.latchkey.gateway.tree.Access.answer;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.coap.CoapRequest;
import dev.latchkey.coap.CoapResponse;
import dev.latchkey.gateway.directory.Attribute;
import dev.latchkey.gateway.directory.Link;
import dev.latchkey.gateway.directory.LinkFormat;
import dev.latchkey.gateway.directory.MalformedLinksException;
import dev.latchkey.gateway.directory.Registration;
import dev.latchkey.gateway.directory.ResourceDirectory;
import dev.latchkey.gateway.replica.MemberHandle;
import dev.latchkey.ledger.ChainState;
import dev.latchkey.protocol.ContentFormat;
import dev.latchkey.transaction.ChainId;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * /rd: what members offer (RFC 9176, section 5). The endpoint's name is the member's, its sector the chain's, so nobody
 * registers for another. Stateless beside the directory.
 */
final class DirectoryResources {
    static final String UNKNOWN = "unknown-registration";

    /** RFC 9176, section 5: 25 hours. */
    private static final long DEFAULT_LIFETIME = 90_000;

    private static final long MAX_LIFETIME = 0xffff_ffffL;
    private static final Set<String> OWN = Set.of("ep", "d", "lt", "base");

    /** Words of look-ups and of the directory's own answers. */
    private static final Set<String> RESERVED = Set.of("page", "count", "href", "anchor", "rel", "rt");

    private final ResourceDirectory directory;
    private final AskedChain asked;
    private final Clock clock;

    DirectoryResources(ResourceDirectory directory, AskedChain asked, Clock clock) {
        this.directory = directory;
        this.asked = asked;
        this.clock = clock;
    }

    /** POST /rd?ep=&d=&lt=&base=&...: 2.01 with the place of the registration, which is on disk. */
    CompletionStage<CoapResponse> register(CoapRequest request, MemberHandle member) {
        if (!request.payload().isEmpty() && request.contentFormat().orElse(-1) != ContentFormat.LINK_FORMAT) {
            return answer(Problems.of("unsupported-format"));
        }
        if (!request.parameter("ep").orElse(member.name()).equals(member.name())
                || !request.parameter("d").orElse(sector(member.chain())).equals(sector(member.chain()))) {
            return answer(Problems.of("wrong-sender", "an endpoint is named as its member, a sector as its chain"));
        }
        if (request.payload().size() > directory.bounds().bytesPerMember()) {
            return answer(Problems.of("too-large"));
        }
        List<Link> links;
        try {
            links = LinkFormat.parse(request.payload(), directory.bounds().linksPerMember());
        } catch (MalformedLinksException e) {
            return answer(Problems.of("malformed", e.getMessage()));
        }
        Optional<String> base = request.parameter("base");
        OptionalLong lifetime = lifetime(request, DEFAULT_LIFETIME);
        Optional<List<Attribute>> attributes = attributes(request);
        if (lifetime.isEmpty()
                || attributes.isEmpty()
                || !base.map(LinkFormat::isBase).orElse(true)) {
            return answer(Problems.of("malformed"));
        }
        Registration registration = new Registration(
                member.id(),
                member.chain(),
                member.name(),
                base.orElseGet(() -> base(request.source())),
                base.isPresent(),
                lifetime.getAsLong(),
                clock.millis(),
                attributes.get(),
                links);
        return directory
                .register(registration)
                .thenApply(taken ->
                        taken ? CoapResponse.created(Registration.PATH + registration.id()) : Problems.of("overloaded"))
                .exceptionally(Problems::ofFailure);
    }

    /** POST /rd/{id}?lt=&base=&...: renews, and changes what is given; 2.04 (RFC 9176, section 5.3.1). */
    CompletionStage<CoapResponse> renew(CoapRequest request, MemberHandle member) {
        Optional<Registration> known = known(request, member);
        if (known.isEmpty()) {
            return answer(Problems.of(UNKNOWN));
        }
        Optional<String> base = request.parameter("base");
        OptionalLong lifetime = lifetime(request, known.get().lifetimeSeconds());
        Optional<List<Attribute>> attributes = attributes(request);
        boolean renamed =
                request.parameter("ep").isPresent() || request.parameter("d").isPresent();
        if (!request.payload().isEmpty()
                || renamed
                || lifetime.isEmpty()
                || attributes.isEmpty()
                || !base.map(LinkFormat::isBase).orElse(true)) {
            return answer(Problems.of("malformed"));
        }
        return directory
                .update(
                        member,
                        before -> before.renewed(
                                base.orElseGet(() -> before.stated() ? before.base() : base(request.source())),
                                before.stated() || base.isPresent(),
                                lifetime.getAsLong(),
                                clock.millis(),
                                attributes.get()))
                .thenApply(taken -> taken.map(done -> done ? CoapResponse.changed() : Problems.of("overloaded"))
                        .orElseGet(() -> Problems.of(UNKNOWN)))
                .exceptionally(Problems::ofFailure);
    }

    /** DELETE /rd/{id}: 2.02. */
    CompletionStage<CoapResponse> remove(CoapRequest request, MemberHandle member) {
        if (known(request, member).isEmpty()) {
            return answer(Problems.of(UNKNOWN));
        }
        return directory
                .remove(member)
                .thenApply(removed -> removed ? CoapResponse.deleted() : Problems.of(UNKNOWN))
                .exceptionally(Problems::ofFailure);
    }

    /** The member's own registration, if the path names it. */
    private Optional<Registration> known(CoapRequest request, MemberHandle member) {
        return directory.of(member).filter(mine -> mine.id().equals(request.variable("id")));
    }

    private String sector(ChainId chain) {
        return asked.served(chain)
                .flatMap(replica -> replica.state().map(ChainState::chainName))
                .orElse("");
    }

    private static OptionalLong lifetime(CoapRequest request, long otherwise) {
        OptionalLong lifetime = Parameters.number(request, "lt", otherwise);
        return lifetime.isPresent() && lifetime.getAsLong() >= 1 && lifetime.getAsLong() <= MAX_LIFETIME
                ? lifetime
                : OptionalLong.empty();
    }

    /** Everything else in the query, in the order of the names; empty if there is something that cannot be told again. */
    private static Optional<List<Attribute>> attributes(CoapRequest request) {
        List<Attribute> attributes = new ArrayList<>();
        request.query().entrySet().stream()
                .filter(parameter -> !OWN.contains(parameter.getKey()))
                .sorted(Map.Entry.comparingByKey())
                .forEach(parameter -> attributes.add(Attribute.quoted(parameter.getKey(), parameter.getValue())));
        boolean reserved = attributes.stream().anyMatch(attribute -> RESERVED.contains(attribute.name()));
        return reserved || !LinkFormat.areAttributes(attributes) ? Optional.empty() : Optional.of(attributes);
    }

    /** Scheme, address and port from which the request came (RFC 9176, section 5). */
    private static String base(InetSocketAddress source) {
        InetAddress address = source.getAddress();
        String host = address == null ? "" : address.getHostAddress();
        int zone = host.indexOf('%');
        String bare = zone < 0 ? host : host.substring(0, zone);
        return "coaps://" + (address instanceof Inet6Address ? "[" + bare + "]" : bare) + ":" + source.getPort();
    }

    /** The answer to a look-up. */
    static CoapResponse links(List<String> found) {
        return Cacheable.of(ContentFormat.LINK_FORMAT, Bytes.utf8(String.join(",", found)), Cacheable.CURRENT_SECONDS);
    }
}
