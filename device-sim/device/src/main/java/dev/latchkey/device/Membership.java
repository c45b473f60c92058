package dev.latchkey.device;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.cose.CoseKey;
import dev.latchkey.cose.MalformedKeyException;
import dev.latchkey.protocol.HandOver;
import dev.latchkey.transaction.ChainId;
import java.util.List;

/**
 * What a device knows about itself and its gateway: {@code ["latchkey device membership", 1, name, chain id, chain name,
 * height of its record, gateway name, gateway host, gateway port, gateway dtls key, whether it left]}.
 *
 * @param height the height that the device's view of the chain never falls below
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
        boolean left) {
    static final int MAX_BYTES = 1_024;

    private static final String FORMAT = "latchkey device membership";
    private static final int VERSION = 1;
    private static final int MAX_NAME_BYTES = 64;
    private static final int MAX_HOST_BYTES = 253;
    private static final int MAX_PORT = 65_535;

    static Membership of(HandOver handOver, String name, long height) {
        return new Membership(
                name,
                handOver.chain(),
                handOver.chainName(),
                height,
                handOver.gatewayName(),
                handOver.gatewayHost(),
                handOver.gatewayPort(),
                handOver.gatewayDtls(),
                false);
    }

    Membership withGatewayDtls(CoseKey key) {
        return new Membership(name, chain, chainName, height, gatewayName, gatewayHost, gatewayPort, key, left);
    }

    /** This membership with a record of a later block. */
    Membership atHeight(long later) {
        return new Membership(
                name,
                chain,
                chainName,
                Math.max(height, later),
                gatewayName,
                gatewayHost,
                gatewayPort,
                gatewayDtls,
                left);
    }

    Membership asLeft() {
        return new Membership(name, chain, chainName, height, gatewayName, gatewayHost, gatewayPort, gatewayDtls, true);
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
                Cbor.bool(left)));
    }

    static Membership decode(Bytes encoded) throws DeviceException {
        try {
            List<Item> parts = Cbor.decode(encoded, MAX_BYTES).asArray();
            if (parts.size() < 2 || !parts.get(0).asText(MAX_NAME_BYTES).equals(FORMAT)) {
                throw new DeviceException(DeviceException.Kind.STORE, "not the membership of a device");
            }
            if (parts.get(1).asUint() != VERSION || parts.size() != 11) {
                throw new DeviceException(DeviceException.Kind.STORE, "a membership of another version");
            }
            return new Membership(
                    parts.get(2).asText(MAX_NAME_BYTES),
                    new ChainId(Digest.of(parts.get(3).asBytes(Digest.SIZE))),
                    parts.get(4).asText(MAX_NAME_BYTES),
                    parts.get(5).asUint(),
                    parts.get(6).asText(MAX_NAME_BYTES),
                    parts.get(7).asText(MAX_HOST_BYTES),
                    parts.get(8).asUint(MAX_PORT),
                    CoseKey.fromItem(parts.get(9)),
                    parts.get(10).asBool());
        } catch (MalformedCborException | MalformedKeyException e) {
            throw Failures.store(e);
        }
    }
}
