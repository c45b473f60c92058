package dev.latchkey.sim.fleet;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.PrimitiveIterator;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/**
 * Who sends which reading to whom: a pure function of the members, the number of observations and the seed; immutable.
 * Every member has one recipient, drawn from the others. Readings are numbered without end and sent by turns. When turns and
 * observations come together again, the turns move on by one, so that no member sends the same one twice before it has
 * sent all.
 */
public final class Plan {
    /** With fewer there is nobody else to send to. */
    public static final int MIN_MEMBERS = 2;

    private final List<String> names;
    private final Map<String, String> recipients;
    /** After so many readings turns and observations come together again. */
    private final long round;

    private Plan(List<String> names, int observations, Map<String, String> recipients) {
        this.names = List.copyOf(names);
        this.recipients = Collections.unmodifiableMap(recipients);
        BigInteger members = BigInteger.valueOf(names.size());
        long together = members.gcd(BigInteger.valueOf(observations)).longValueExact();
        this.round = (long) names.size() / together * observations;
    }

    /**
     * @param names at least {@link #MIN_MEMBERS}, all different
     * @param observations how many there are before the first comes again
     * @throws IllegalArgumentException if there are too few members or nothing to send
     */
    public static Plan of(List<String> names, int observations, long seed) {
        if (names.size() < MIN_MEMBERS || new HashSet<>(names).size() != names.size()) {
            throw new IllegalArgumentException("two members or more, each with a name of its own");
        }
        if (observations < 1) {
            throw new IllegalArgumentException("nothing to send");
        }
        return new Plan(names, observations, recipients(names, new Random(seed)));
    }

    /** With three members or more, one is nobody's recipient: what it sends can be measured apart. */
    private static Map<String, String> recipients(List<String> names, Random random) {
        List<String> receivers = new ArrayList<>(names);
        if (names.size() > MIN_MEMBERS) {
            receivers.remove(random.nextInt(receivers.size()));
        }
        Map<String, String> recipients = new TreeMap<>();
        for (String name : names) {
            int itself = receivers.indexOf(name);
            int drawn = random.nextInt(receivers.size() - (itself < 0 ? 0 : 1));
            recipients.put(name, receivers.get(itself < 0 || drawn < itself ? drawn : drawn + 1));
        }
        return recipients;
    }

    /** All members, in the order of their names. */
    public Set<String> members() {
        return recipients.keySet();
    }

    /** Each member's recipient. */
    public Map<String, String> recipients() {
        return recipients;
    }

    /** Who sends the reading of a number. */
    String senderOf(int number) {
        return names.get((int) ((number + number / round) % names.size()));
    }

    /**
     * The numbers of the readings that one member sends, ascending; they end where numbers do.
     *
     * @throws IllegalArgumentException if there is no such member
     */
    public PrimitiveIterator.OfInt numbersOf(String sender) {
        int index = names.indexOf(sender);
        if (index < 0) {
            throw new IllegalArgumentException("no such member");
        }
        return new Numbers(index);
    }

    private final class Numbers implements PrimitiveIterator.OfInt {
        private final int index;
        private long next;

        Numbers(int index) {
            this.index = index;
            this.next = index;
        }

        @Override
        public boolean hasNext() {
            return next <= Integer.MAX_VALUE;
        }

        @Override
        public int nextInt() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            int number = (int) next;
            long rounds = next / round;
            next += names.size();
            if (next / round > rounds) {
                next = (rounds + 1) * round + Math.floorMod(index - (rounds + 1), names.size());
            }
            return number;
        }
    }

    /** Those to whom nobody sends. */
    public Set<String> onlySenders() {
        Set<String> only = new LinkedHashSet<>(recipients.keySet());
        only.removeAll(new HashSet<>(recipients.values()));
        return only;
    }
}
