package dev.latchkey.envelope;

/**
 * The base name under which a member's measurements stand: {@code urn:latchkey:CHAIN:NAME:}. It is left out on air and
 * put in front by who receives, from the sender that was authenticated, so nobody can claim another's.
 */
public final class SenderUrn {
    private SenderUrn() {}

    /** The base name of a member's packs. */
    public static String of(String chainName, String memberName) {
        return "urn:latchkey:" + chainName + ":" + memberName + ":";
    }
}
