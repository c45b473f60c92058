package dev.latchkey.coap;

import java.util.Objects;

/**
 * A peer that knows the pre-shared key of a voucher and nothing more: it is not a member.
 *
 * @param identity the PSK identity it gave (RFC 4279, section 5.1)
 * @param handle what {@link PeerDirectory#byIdentity} returned for it
 */
public record VoucherPeer(String identity, Object handle) implements Peer {
    public VoucherPeer {
        Objects.requireNonNull(identity);
        Objects.requireNonNull(handle);
    }
}
