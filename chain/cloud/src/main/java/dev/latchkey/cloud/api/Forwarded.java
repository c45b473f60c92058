package dev.latchkey.cloud.api;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cloud.http.Call;
import dev.latchkey.cloud.http.Refusal;
import dev.latchkey.cose.CoseKey;
import dev.latchkey.cose.MalformedKeyException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.net.http.HttpRequest;
import java.util.Optional;

/**
 * The two headers of a request that one member of a cluster hands on to another: who asked, by key, and from where. They
 * count only where TLS was done with a member's key. Stateless.
 */
final class Forwarded {
    private static final String KEY = "Latchkey-Forwarded-Key";
    private static final String FROM = "Latchkey-Forwarded-From";
    private static final String NOBODY = "none";
    /** Four numbers, or what has a colon: nothing that could be a name to look up. */
    private static final String ADDRESS = "[0-9]{1,3}(\\.[0-9]{1,3}){3}|(?=[^:]*:)[0-9a-fA-F.:]{2,45}";

    private Forwarded() {}

    static boolean is(Call call) {
        return call.header().apply(KEY).isPresent();
    }

    static void mark(HttpRequest.Builder request, Optional<CoseKey> key, InetAddress from) {
        request.header(KEY, key.map(known -> known.encode().toHex()).orElse(NOBODY));
        request.header(FROM, from.getHostAddress().replaceAll("%.*", ""));
    }

    /** The key of who asked; nothing if he showed none. */
    static Optional<CoseKey> key(Call call) {
        String text = call.header().apply(KEY).orElse(NOBODY);
        if (text.equals(NOBODY)) {
            return Optional.empty();
        }
        try {
            if (text.matches("[0-9a-f]{" + 2 * CoseKey.SIZE + "}")) {
                return Optional.of(CoseKey.decode(Bytes.fromHex(text)));
            }
        } catch (MalformedKeyException e) {
            throw Refusal.badRequest("a forwarded key is malformed");
        }
        throw Refusal.badRequest("a forwarded key is malformed");
    }

    /** Where he asked from. */
    static InetAddress from(Call call) {
        String text = call.header().apply(FROM).orElse("");
        if (!text.matches(ADDRESS)) {
            throw Refusal.badRequest("a forwarded address is malformed");
        }
        try {
            return InetAddress.getByName(text); // a literal: nothing is looked up
        } catch (UnknownHostException e) {
            throw Refusal.badRequest("a forwarded address is malformed");
        }
    }
}
