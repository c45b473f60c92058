package dev.latchkey.gateway.replica;

import dev.latchkey.bytes.Bytes;

/**
 * Somebody who knows the pre-shared key of a voucher; not a member.
 *
 * @param voucherId the voucher's id, 8 bytes
 */
public record VoucherHolder(Bytes voucherId) {}
