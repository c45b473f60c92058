package dev.latchkey.device;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.cose.CoseKey;
import dev.latchkey.cose.MalformedKeyException;
import dev.latchkey.transaction.ChainId;
import java.util.ArrayList;
import java.util.List;

/**
 * What a device knows about itself and its gateway: {@code ["latchkey device membership", 2, name, chain id, chain name,
 * height of its record, gateway name, gateway host, gateway port, gateway dtls key, whether it left, [* [name, chain id,
 * chain name, height]]]}; the last are the memberships it moved from, newest first.
 *
 * @param height the height that the device's view of the chain never falls below
 * @param former what it was before it moved here
 */
record Membership(
        String name,
        ChainId chain,
        String chainName,
        long height,
        String gatewayName,
        String gatewayHost,
        int gatewayPort,
        CoseKey gatewayDtls,
        boolean left,
        List<Former> former) {
    static final int MAX_BYTES = 4_096;

    private static final String FORMAT = "latchkey device membership";
    private static final int VERSION = 2;
    private static final int MAX_NAME_BYTES = 64;
    private static final int MAX_HOST_BYTES = 253;
    private static final int MAX_PORT = 65_535;
    private static final int MAX_FORMER = 16;

    /** A membership that this one moved from. */
    record Former(String name, ChainPlace place) {}

    Membership {
        former = List.copyOf(former.subList(0, Math.min(former.size(), MAX_FORMER)));
    }

    static Membership of(Invitation invitation, long height) {
        return new Membership(
                invitation.name(),
                invitation.chain(),
                invitation.chainName(),
                height,
                invitation.gatewayName(),
                invitation.gatewayHost(),
                invitation.gatewayPort(),
                invitation.gatewayDtls(),
                false,
                List.of());
    }

    ChainPlace place() {
        return new ChainPlace(chain, chainName, height);
    }

    Membership withGatewayDtls(CoseKey key) {
        return new Membership(name, chain, chainName, height, gatewayName, gatewayHost, gatewayPort, key, left, former);
    }

    /** This membership at another gateway of the chain. */
    Membership at(GatewayAddress gateway, CoseKey key) {
        return new Membership(
                name, chain, chainName, height, gateway.name(), gateway.host(), gateway.port(), key, left, former);
    }

    GatewayAddress gateway() {
        return new GatewayAddress(gatewayName, gatewayHost, gatewayPort);
    }

    /** This membership with a record of a later block. */
    Membership atHeight(long later) {
        long newer = Math.max(height, later);
        return new Membership(
                name, chain, chainName, newer, gatewayName, gatewayHost, gatewayPort, gatewayDtls, left, former);
    }

    Membership asLeft() {
        return new Membership(
                name, chain, chainName, height, gatewayName, gatewayHost, gatewayPort, gatewayDtls, true, former);
    }

    /** The membership after a move, at the same gateway. */
    Membership movedTo(ChainPlace there, String nameThere) {
        List<Former> before = new ArrayList<>();
        before.add(new Former(name, place()));
        former.stream()
                .filter(known -> !known.place().chain().equals(there.chain()))
                .forEach(before::add);
        return new Membership(
                nameThere,
                there.chain(),
                there.chainName(),
                there.height(),
                gatewayName,
                gatewayHost,
                gatewayPort,
                gatewayDtls,
                left,
                before);
    }

    Bytes encode() {
        return Cbor.encode(Cbor.array(
                Cbor.text(FORMAT),
                Cbor.uint(VERSION),
                Cbor.text(name),
                Cbor.bytes(chain.bytes()),
                Cbor.text(chainName),
                Cbor.uint(height),
                Cbor.text(gatewayName),
                Cbor.text(gatewayHost),
                Cbor.uint(gatewayPort),
                gatewayDtls.item(),
                Cbor.bool(left),
                Cbor.array(former.stream().map(Membership::item).toList())));
    }

    private static Item item(Former former) {
        return Cbor.array(
                Cbor.text(former.name()),
                Cbor.bytes(former.place().chain().bytes()),
                Cbor.text(former.place().chainName()),
                Cbor.uint(former.place().height()));
    }

    static Membership decode(Bytes encoded) throws DeviceException {
        try {
            List<Item> parts = Cbor.decode(encoded, MAX_BYTES).asArray();
            if (parts.size() < 2 || !parts.get(0).asText(MAX_NAME_BYTES).equals(FORMAT)) {
                throw new DeviceException(DeviceException.Kind.STORE, "not the membership of a device");
            }
            if (parts.get(1).asUint() != VERSION || parts.size() != 12) {
                throw new DeviceException(DeviceException.Kind.STORE, "a membership of another version");
            }
            return new Membership(
                    parts.get(2).asText(MAX_NAME_BYTES),
                    chain(parts.get(3)),
                    parts.get(4).asText(MAX_NAME_BYTES),
                    parts.get(5).asUint(),
                    parts.get(6).asText(MAX_NAME_BYTES),
                    parts.get(7).asText(MAX_HOST_BYTES),
                    parts.get(8).asUint(MAX_PORT),
                    CoseKey.fromItem(parts.get(9)),
                    parts.get(10).asBool(),
                    former(parts.get(11)));
        } catch (MalformedCborException | MalformedKeyException e) {
            throw Failures.store(e);
        }
    }

    private static List<Former> former(Item item) throws MalformedCborException {
        List<Former> former = new ArrayList<>();
        for (Item known : item.asArray(0, MAX_FORMER)) {
            List<Item> parts = known.asArray(4);
            former.add(new Former(
                    parts.get(0).asText(MAX_NAME_BYTES),
                    new ChainPlace(
                            chain(parts.get(1)),
                            parts.get(2).asText(MAX_NAME_BYTES),
                            parts.get(3).asUint())));
        }
        return former;
    }

    private static ChainId chain(Item item) throws MalformedCborException {
        return new ChainId(Digest.of(item.asBytes(Digest.SIZE)));
    }
}
