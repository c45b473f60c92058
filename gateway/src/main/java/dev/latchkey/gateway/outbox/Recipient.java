package dev.latchkey.gateway.outbox;

import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.transaction.ChainId;
import dev.latchkey.transaction.Names;
import java.util.List;
import java.util.Optional;

/**
 * For whom a message is. On disk {@code name}, or {@code [chain id, name]} for a member of another chain.
 *
 * @param otherChain the chain that the name is of, unless it is the sender's
 * @param name the member's name there
 */
public record Recipient(Optional<ChainId> otherChain, String name) {
    Item item() {
        Item text = Cbor.text(name);
        return otherChain
                .map(chain -> Cbor.array(Cbor.bytes(chain.bytes()), text))
                .orElse(text);
    }

    static Recipient fromItem(Item item) throws MalformedCborException {
        if (item.kind() != Item.Kind.ARRAY) {
            return new Recipient(Optional.empty(), item.asText(Names.MAX));
        }
        List<Item> parts = item.asArray(2);
        ChainId chain = new ChainId(Digest.of(parts.get(0).asBytes(Digest.SIZE)));
        return new Recipient(Optional.of(chain), parts.get(1).asText(Names.MAX));
    }
}
