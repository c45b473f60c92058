package dev.latchkey.envelope;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cose.CoseKey;
import dev.latchkey.cose.EcVerifier;
import dev.latchkey.envelope.RefusedMessageException.Reason;

/** The only maker of {@link VerifiedOpener}. Stateless. Needs no private key: gateways and the cloud may use it. */
public final class OpenerVerifier {
    private OpenerVerifier() {}

    /**
     * Checks that an opener was signed by a member's key for exactly this chain and block. That the key is current at
     * that height, and that the height is recent enough, is for the caller to know.
     *
     * @param context the chain and the block of the opener's height, from the caller's own verified view
     * @param senderName the member that the message came from, as the uplink or the mailbox authenticates it
     * @param senderSig that member's signing key
     * @throws RefusedMessageException if any check fails
     */
    public static VerifiedOpener verify(
            Bytes opener, ChainContext context, String senderName, CoseKey senderSig, EcVerifier verifier)
            throws RefusedMessageException {
        OpenerHead head = OpenerHead.read(opener);
        if (!head.chainName().equals(context.chainName()) || head.height() != context.height()) {
            throw new RefusedMessageException(Reason.OTHER_CHAIN);
        }
        if (!head.senderKid().equals(senderSig.kid())) {
            throw new RefusedMessageException(Reason.OTHER_SENDER);
        }
        Bytes toBeSigned = head.message().toBeSigned(OpenerHead.externalAad(context));
        if (!verifier.verify(senderSig, toBeSigned, head.message().signature())) {
            throw new RefusedMessageException(Reason.SIGNATURE);
        }
        return new VerifiedOpener(Digest.sha256(toBeSigned), head, context, senderName);
    }
}
