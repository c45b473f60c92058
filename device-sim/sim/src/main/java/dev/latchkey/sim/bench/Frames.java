package dev.latchkey.sim.bench;

/**
 * What one UDP datagram takes of an IEEE 802.15.4 network by 6LoWPAN, between link-local addresses that the header
 * compression leaves out.
 *
 * @param count frames; more than one are fragments (RFC 4944, section 5.3)
 * @param bytes of all frames together, from the frame control field to the check sequence
 */
record Frames(int count, int bytes) {
    /** Longest frame (IEEE 802.15.4, aMaxPHYPacketSize). */
    static final int MAX_BYTES = 127;

    /** Frame control 2, sequence 1, PAN 2, short addresses 4, check sequence 2. */
    private static final int MAC = 11;
    /** LOWPAN_IPHC 2 (RFC 6282, section 3.1), UDP by LOWPAN_NHC with whole ports and checksum 7 (section 4.3). */
    private static final int HEADERS = 9;

    private static final int FIRST_FRAGMENT = 4;
    private static final int LATER_FRAGMENT = 5;
    /** What all fragments but the last hold is counted in units of so many bytes; IPv6 and UDP headers are whole ones. */
    private static final int UNIT = 8;

    static Frames of(int udpPayload) {
        int whole = MAC + HEADERS + udpPayload;
        if (whole <= MAX_BYTES) {
            return new Frames(1, whole);
        }
        int later = MAX_BYTES - MAC - LATER_FRAGMENT;
        int left = udpPayload - units(MAX_BYTES - MAC - FIRST_FRAGMENT - HEADERS);
        int count = 2;
        while (left > later) {
            left -= units(later);
            count++;
        }
        int bytes = udpPayload + HEADERS + count * MAC + FIRST_FRAGMENT + (count - 1) * LATER_FRAGMENT;
        return new Frames(count, bytes);
    }

    Frames plus(Frames other) {
        return new Frames(count + other.count, bytes + other.bytes);
    }

    private static int units(int room) {
        return room / UNIT * UNIT;
    }
}
