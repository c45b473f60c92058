package dev.latchkey.sim.fleet;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** Who sends to whom now; safe for use by many threads. */
public final class Contacts {
    // Guarded by this.
    private final Map<String, String> recipients;

    public Contacts(Map<String, String> recipients) {
        this.recipients = new TreeMap<>(recipients);
    }

    /** @throws IllegalArgumentException if there is no such sender */
    public synchronized String of(String sender) {
        String recipient = recipients.get(sender);
        if (recipient == null) {
            throw new IllegalArgumentException("no such sender");
        }
        return recipient;
    }

    /** Does something with a sender's recipient, which stays the recipient until it is done. */
    synchronized <T> T withRecipient(String sender, Function<String, T> work) {
        return work.apply(of(sender));
    }

    /** Those who send to a member, in the order of their names. */
    public synchronized List<String> sendersTo(String recipient) {
        return recipients.entrySet().stream()
                .filter(entry -> entry.getValue().equals(recipient))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** From now on all who sent to one send to the other, which sends to whom the one sent. */
    public synchronized void replace(String leaving, String joining) {
        String recipient = of(leaving);
        recipients.remove(leaving);
        recipients.replaceAll((sender, to) -> to.equals(leaving) ? joining : to);
        recipients.put(joining, recipient);
    }
}
