package dev.latchkey.cloud.explore;

import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.checkpoint.MalformedCheckpointException;
import dev.latchkey.cloud.export.NodeRefusalException;
import dev.latchkey.cloud.export.TooLongAnswerException;
import dev.latchkey.export.MalformedSourceException;
import dev.latchkey.ledger.MalformedBlockException;
import dev.latchkey.proof.ProofException;
import dev.latchkey.transaction.MalformedTransactionException;
import java.io.IOException;
import java.io.InterruptedIOException;

/** Sorts what may go wrong with a question: false, unreachable, or refused. Stateless. */
final class Asking {
    private static final int SERVER_ERROR = 500;

    private Asking() {}

    /** A question to a node, and what its answer proves. */
    interface Question<T> {
        T answer()
                throws IOException, InterruptedException, FalseProofException, MalformedSourceException,
                        MalformedCborException, MalformedBlockException, MalformedCheckpointException,
                        MalformedTransactionException, ProofException;
    }

    /**
     * Asks.
     *
     * @param what what is asked for, as people name it
     * @throws FalseProofException if the answer does not prove what it should
     * @throws UnreachableException if no answer is to be had now
     * @throws NodeRefusalException if the node refuses to answer
     */
    static <T> T proved(String what, Question<T> question) throws IOException, FalseProofException {
        try {
            return question.answer();
        } catch (ProofException e) {
            throw FalseProofException.of(what, e);
        } catch (MalformedSourceException
                | MalformedCborException
                | MalformedBlockException
                | MalformedCheckpointException
                | MalformedTransactionException
                | TooLongAnswerException e) {
            throw new FalseProofException(what + ": " + e.getMessage(), e);
        } catch (NodeRefusalException e) {
            if (e.status() >= SERVER_ERROR) {
                throw new UnreachableException(e);
            }
            throw e;
        } catch (UnreachableException e) {
            throw e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        } catch (IOException e) {
            throw new UnreachableException(e);
        }
    }
}
