package dev.latchkey.sim.fleet;

import dev.latchkey.sim.weather.DailyWeather;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/**
 * Who sends what to whom: a pure function of the members, the rows and the seed; immutable. Every member has one
 * recipient, drawn from the others. No member sends the same day twice, so sender and day name a reading.
 */
public final class Plan {
    /** With fewer there is nobody else to send to. */
    public static final int MIN_MEMBERS = 2;

    private final List<Reading> readings;
    private final Map<String, String> recipients;

    private Plan(List<Reading> readings, Map<String, String> recipients) {
        this.readings = List.copyOf(readings);
        this.recipients = Collections.unmodifiableMap(recipients);
    }

    /** So many readings can be sent by so many members, each a different day of its own. */
    public static long mostReadings(int members, int days) {
        return (long) members * days;
    }

    /**
     * @param names at least {@link #MIN_MEMBERS}, all different
     * @throws IllegalArgumentException if there are too few members or too many readings
     */
    public static Plan of(List<String> names, List<DailyWeather> days, int readings, long seed) {
        if (names.size() < MIN_MEMBERS || new HashSet<>(names).size() != names.size()) {
            throw new IllegalArgumentException("two members or more, each with a name of its own");
        }
        if (readings < 1 || readings > mostReadings(names.size(), days.size())) {
            throw new IllegalArgumentException("as many readings as members have days");
        }
        Map<String, String> recipients = recipients(names, new Random(seed));
        List<Reading> planned = new ArrayList<>(readings);
        for (int number = 0; number < readings; number++) {
            // At each pass over the rows they move on by one member.
            int row = number % days.size();
            int pass = number / days.size();
            String sender = names.get((row + pass) % names.size());
            planned.add(new Reading(number, sender, recipients.get(sender), days.get(row)));
        }
        return new Plan(planned, recipients);
    }

    /** With three members or more, one is nobody's recipient: what it sends can be measured apart. */
    private static Map<String, String> recipients(List<String> names, Random random) {
        List<String> receivers = new ArrayList<>(names);
        if (names.size() > MIN_MEMBERS) {
            receivers.remove(random.nextInt(receivers.size()));
        }
        Map<String, String> recipients = new TreeMap<>();
        for (String name : names) {
            List<String> others = new ArrayList<>(receivers);
            others.remove(name);
            recipients.put(name, others.get(random.nextInt(others.size())));
        }
        return recipients;
    }

    public List<Reading> readings() {
        return readings;
    }

    /** All members, in the order of their names. */
    public Set<String> members() {
        return recipients.keySet();
    }

    /** What one member sends, in order. */
    public List<Reading> of(String sender) {
        return readings.stream()
                .filter(reading -> reading.sender().equals(sender))
                .toList();
    }

    /** @throws IllegalArgumentException if there is no such member */
    public String recipientOf(String sender) {
        String recipient = recipients.get(sender);
        if (recipient == null) {
            throw new IllegalArgumentException("no such member");
        }
        return recipient;
    }

    /** Those to whom nobody sends. */
    public Set<String> onlySenders() {
        Set<String> only = new LinkedHashSet<>(recipients.keySet());
        only.removeAll(new HashSet<>(recipients.values()));
        return only;
    }
}
