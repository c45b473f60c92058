package dev.latchkey.cloud.operator;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.console.HostPort;
import dev.latchkey.cose.CoseKey;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.cose.Signer;
import dev.latchkey.protocol.Enrolment;
import dev.latchkey.protocol.HandOver;
import dev.latchkey.transaction.ChainId;
import dev.latchkey.transaction.Voucher;
import java.security.SecureRandom;
import java.time.Instant;

/**
 * Makes what is handed to devices: a voucher with its private key, and all that a device needs for its first connection.
 * Immutable; holds a secret.
 *
 * @param gatewayName the gateway that devices begin with
 * @param gateway its address
 * @param gatewayDtls its dtls key
 * @param enrolmentSecret what operator and gateways share
 * @param admin signs the vouchers
 */
record HandOvers(
        String network,
        String chainName,
        ChainId chain,
        String gatewayName,
        HostPort gateway,
        CoseKey gatewayDtls,
        Bytes enrolmentSecret,
        Signer admin) {
    /** A new voucher in its hand-over. */
    HandOver issue(String pattern, long uses, Instant notAfter, SecureRandom random) {
        byte[] id = new byte[Voucher.ID_BYTES];
        random.nextBytes(id);
        Bytes voucherId = Bytes.wrap(id);
        KeyPair key = KeyPair.generate(random);
        Voucher voucher = Voucher.issue(chain, voucherId, pattern, uses, notAfter, key.publicKey(), admin);
        return new HandOver(
                network,
                chainName,
                chain,
                gatewayName,
                gateway.host(),
                gateway.port(),
                gatewayDtls,
                voucher,
                key,
                Enrolment.presharedKey(enrolmentSecret, voucherId));
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "hand-overs for " + chainName;
    }
}
