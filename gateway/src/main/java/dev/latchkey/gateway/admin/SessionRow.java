package dev.latchkey.gateway.admin;

import dev.latchkey.coap.Connected;
import dev.latchkey.console.HostPort;
import dev.latchkey.gateway.replica.MemberHandle;
import dev.latchkey.gateway.replica.VoucherHolder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A DTLS connection at one of the gateway's endpoints.
 *
 * @param endpoint {@code devices} or {@code admins}
 * @param connected the connection
 */
record SessionRow(String endpoint, Connected connected) {
    /** The values by name; of a voucher's holder there is neither member nor chain nor role. */
    Map<String, Object> values(long nowMillis, List<AdminChain> chains) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("id", connected.id());
        values.put("endpoint", endpoint);
        Object handle = connected.peer().handle();
        if (handle instanceof MemberHandle member) {
            values.put("member", member.name());
            values.put("chain", AdminChains.name(chains, member.chain()));
            values.put("role", member.record().role().name().toLowerCase(Locale.ROOT));
        } else if (handle instanceof VoucherHolder holder) {
            values.put("voucher", holder.voucherId());
        }
        values.put("address", HostPort.of(connected.address()).toString());
        values.put("cid", connected.connectionId());
        values.put("suite", connected.cipherSuite());
        values.put("since-ms", connected.since().toEpochMilli());
        values.put("age-ms", Math.max(0, nowMillis - connected.since().toEpochMilli()));
        values.put("last-request-ms", connected.lastRequest().toEpochMilli());
        values.put("requests", connected.requests());
        values.put("observations", (long) connected.observations());
        return values;
    }
}
