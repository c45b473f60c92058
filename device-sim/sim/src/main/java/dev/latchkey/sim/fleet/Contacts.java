package dev.latchkey.sim.fleet;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Who sends to whom now; safe for use by many threads. */
public final class Contacts {
    private final Map<String, String> recipients;

    public Contacts(Map<String, String> recipients) {
        this.recipients = new ConcurrentHashMap<>(recipients);
    }

    /** @throws IllegalArgumentException if there is no such sender */
    public String of(String sender) {
        String recipient = recipients.get(sender);
        if (recipient == null) {
            throw new IllegalArgumentException("no such sender");
        }
        return recipient;
    }

    public void put(String sender, String recipient) {
        recipients.put(sender, recipient);
    }

    /** Those who send to a member, in the order of their names. */
    public List<String> sendersTo(String recipient) {
        return recipients.entrySet().stream()
                .filter(entry -> entry.getValue().equals(recipient))
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
    }
}
