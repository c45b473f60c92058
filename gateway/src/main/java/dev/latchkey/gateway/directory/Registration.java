package dev.latchkey.gateway.directory;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.gateway.replica.MemberHandle;
import dev.latchkey.transaction.ChainId;
import dev.latchkey.transaction.MemberRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What one member offers; immutable.
 *
 * @param member its id, 16 bytes
 * @param chain where it is a member
 * @param endpoint its name
 * @param base what its links are relative to: scheme and authority
 * @param stated whether the member said the base; otherwise it is where the registration came from
 * @param lifetimeSeconds how long it stands without being renewed
 * @param sinceMillis when it was made or renewed
 * @param attributes of the endpoint
 */
public record Registration(
        Bytes member,
        ChainId chain,
        String endpoint,
        String base,
        boolean stated,
        long lifetimeSeconds,
        long sinceMillis,
        List<Attribute> attributes,
        List<Link> links) {
    /** Where registrations lie. */
    public static final String PATH = "/rd/";

    private static final int ID_BYTES = 8;
    private static final int FIELDS = 7;
    private static final int MAX_TEXT = 255;
    private static final int MAX_ROW = 1 << 20;
    private static final long MILLIS = 1_000;

    public Registration {
        attributes = List.copyOf(attributes);
        links = List.copyOf(links);
    }

    /** The last segment of its path, the same whenever this member registers in this chain: 16 hexadecimal digits. */
    public String id() {
        return id(member, chain);
    }

    /** The id that a member's registration has. */
    public static String id(MemberHandle member) {
        return id(member.id(), member.chain());
    }

    private static String id(Bytes member, ChainId chain) {
        return Digest.sha256(Bytes.concat(member, chain.bytes()))
                .bytes()
                .slice(0, ID_BYTES)
                .toHex();
    }

    /** Whether its lifetime is over. */
    boolean isOver(long nowMillis) {
        return (nowMillis - sinceMillis) / MILLIS >= lifetimeSeconds;
    }

    /** What a look-up of endpoints says of it. */
    public Link self(String sector) {
        List<Attribute> all = new ArrayList<>();
        all.add(Attribute.quoted("base", base));
        all.add(Attribute.quoted("ep", endpoint));
        all.add(Attribute.quoted("d", sector));
        all.add(new Attribute("lt", Optional.of(Long.toString(lifetimeSeconds)), false));
        all.add(Attribute.quoted("rt", "core.rd-ep"));
        all.addAll(attributes);
        return new Link(PATH + id(), all);
    }

    /**
     * The same, renewed, with what an update may change: an attribute of the endpoint takes the place of one of its name,
     * the others stay (RFC 9176, section 5.3.1).
     */
    public Registration renewed(
            String newBase, boolean newStated, long newLifetimeSeconds, long nowMillis, List<Attribute> changed) {
        Map<String, Attribute> byName = new TreeMap<>();
        attributes.forEach(attribute -> byName.put(attribute.name(), attribute));
        changed.forEach(attribute -> byName.put(attribute.name(), attribute));
        return new Registration(
                member,
                chain,
                endpoint,
                newBase,
                newStated,
                newLifetimeSeconds,
                nowMillis,
                List.copyOf(byName.values()),
                links);
    }

    /** Whether what its endpoint says of itself fits one link: after an update there may be too much of it. */
    boolean fits() {
        return LinkFormat.areAttributes(attributes);
    }

    Bytes key() {
        return Bytes.concat(member, chain.bytes());
    }

    /** {@code [endpoint, base, stated, lifetime, since, attributes as of a link to /, links]}. */
    Bytes encode() {
        return Cbor.encode(Cbor.array(
                Cbor.text(endpoint),
                Cbor.text(base),
                Cbor.bool(stated),
                Cbor.uint(lifetimeSeconds),
                Cbor.uint(sinceMillis),
                Cbor.bytes(Bytes.utf8(new Link("/", attributes).text())),
                Cbor.bytes(Bytes.utf8(links.stream().map(Link::text).collect(Collectors.joining(","))))));
    }

    static Registration decode(Bytes key, Bytes row) throws MalformedCborException, MalformedLinksException {
        List<Item> fields = Cbor.decode(row, MAX_ROW).asArray(FIELDS);
        int field = 0;
        String endpoint = fields.get(field++).asText(MAX_TEXT);
        String base = fields.get(field++).asText(MAX_TEXT);
        boolean stated = fields.get(field++).asBool();
        long lifetime = fields.get(field++).asUint();
        long since = fields.get(field++).asUint();
        List<Link> self = LinkFormat.parse(fields.get(field++).asBytes(), 1);
        return new Registration(
                key.slice(0, MemberRecord.ID_BYTES),
                new ChainId(Digest.of(key.slice(MemberRecord.ID_BYTES, key.size()))),
                endpoint,
                base,
                stated,
                lifetime,
                since,
                new ArrayList<>(self.get(0).attributes()),
                LinkFormat.parse(fields.get(field).asBytes(), Integer.MAX_VALUE));
    }
}
