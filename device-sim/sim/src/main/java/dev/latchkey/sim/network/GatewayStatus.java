package dev.latchkey.sim.network;

import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.coap.ClientIdentity;
import dev.latchkey.coap.ClientOptions;
import dev.latchkey.coap.ClientRequest;
import dev.latchkey.coap.ClientThreads;
import dev.latchkey.coap.CoapResponse;
import dev.latchkey.coap.CoapsClient;
import dev.latchkey.console.HostPort;
import dev.latchkey.cose.CoseKey;
import dev.latchkey.cose.KeyPair;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * What a gateway says about itself to an administrator.
 *
 * @param members names on the first chain that it serves
 * @param height of that chain's newest block that it verified
 * @param announced newest height that the cloud spoke of
 * @param outboxMessages messages that the cloud has not got yet
 * @param refusedMessages messages that the cloud refused
 * @param syncedWrites writes to its disk that it waited for, since it started
 */
public record GatewayStatus(
        long members, long height, long announced, long outboxMessages, long refusedMessages, long syncedWrites) {
    private static final int MAX_BYTES = 8_192;
    private static final int MAX_CHAINS = 16;
    private static final Duration LONGEST = Duration.ofSeconds(15);

    /**
     * Asks /a/st.
     *
     * @param admin an administrator's DTLS key
     * @param gatewayKey the key the gateway must have
     */
    public static GatewayStatus ask(HostPort gateway, KeyPair admin, CoseKey gatewayKey)
            throws IOException, InterruptedException {
        try (ClientThreads threads = new ClientThreads(1);
                CoapsClient client = CoapsClient.connect(
                        gateway.address(),
                        new ClientIdentity.RawKey(admin),
                        gatewayKey::equals,
                        ClientOptions.DEFAULT,
                        threads)) {
            CoapResponse answer =
                    client.send(ClientRequest.get("/a/st")).get(LONGEST.toMillis(), TimeUnit.MILLISECONDS);
            if (!answer.code().isSuccess()) {
                throw new IOException("the gateway does not tell its status: " + answer.code());
            }
            return decode(Cbor.decode(answer.payload(), MAX_BYTES).asMap());
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("the gateway does not tell its status", e);
        } catch (MalformedCborException e) {
            throw new IOException("the gateway's status cannot be read", e);
        }
    }

    private static GatewayStatus decode(Map<Item, Item> values) throws MalformedCborException {
        Item chains = values.get(Cbor.text("chains"));
        if (chains == null) {
            throw new MalformedCborException(MalformedCborException.Reason.WRONG_VALUE);
        }
        Map<Item, Item> first = chains.asArray(1, MAX_CHAINS).get(0).asMap();
        return new GatewayStatus(
                number(first, "members"),
                number(first, "height"),
                number(first, "announced"),
                number(values, "outbox-messages"),
                number(values, "refused-messages"),
                number(values, "synced-writes"));
    }

    private static long number(Map<Item, Item> values, String name) throws MalformedCborException {
        Item item = values.get(Cbor.text(name));
        if (item == null) {
            throw new MalformedCborException(MalformedCborException.Reason.WRONG_VALUE);
        }
        return item.asLong();
    }
}
