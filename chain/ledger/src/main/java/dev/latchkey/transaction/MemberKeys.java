package dev.latchkey.transaction;

import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.cose.CoseKey;
import java.util.List;

/**
 * A member's three keys, one for each purpose, so that none can be tricked into doing another's work.
 *
 * @param sig signs transactions and openers
 * @param kex is agreed with by those who seal to the member
 * @param dtls proves the member to its gateway; beside handshakes it signs only its proof of possession
 */
public record MemberKeys(CoseKey sig, CoseKey kex, CoseKey dtls) {
    public MemberKeys {
        if (sig.equals(kex) || sig.equals(dtls) || kex.equals(dtls)) {
            throw new IllegalArgumentException("each purpose has a key of its own");
        }
    }

    Item item() {
        return Cbor.array(sig.item(), kex.item(), dtls.item());
    }

    static MemberKeys fromItem(Item item) throws MalformedCborException, MalformedTransactionException {
        List<Item> parts = item.asArray(3);
        CoseKey sig = Fields.key(parts.get(0));
        CoseKey kex = Fields.key(parts.get(1));
        CoseKey dtls = Fields.key(parts.get(2));
        if (sig.equals(kex) || sig.equals(dtls) || kex.equals(dtls)) {
            throw new MalformedTransactionException("one key serves two purposes");
        }
        return new MemberKeys(sig, kex, dtls);
    }

    /** The keys in wire order: sig, kex, dtls. */
    public List<CoseKey> all() {
        return List.of(sig, kex, dtls);
    }
}
