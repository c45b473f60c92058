package dev.latchkey.sim.conform;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.cose.MalformedCoseException;
import dev.latchkey.cose.MalformedKeyException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.Optional;

/**
 * Answers every line of a stream by one line of another. For one thread. Answers are handed on whenever the next case is
 * not there yet, so a partner may also ask case by case.
 */
final class CaseRun {
    private final Judge judge;
    private final InputLines in;
    private final OutputStream out;
    private final PrintStream complaints;
    private long number;
    private boolean broken;

    CaseRun(Judge judge, InputStream in, OutputStream out, PrintStream complaints) {
        this.judge = judge;
        this.in = new InputLines(in);
        this.out = out;
        this.complaints = complaints;
    }

    /**
     * Runs to the end of input.
     *
     * @return whether no judge broke down: such a case is answered with a rejection, but that answer means nothing
     */
    boolean toTheEnd() throws IOException {
        Optional<byte[]> line = in.next();
        while (line.isPresent()) {
            number++;
            if (!isBlank(line.get())) {
                answer(in.wasCut() ? CaseLine.unread("longer than the limit") : new CaseLine(line.get()));
            }
            if (in.mustWait()) {
                out.flush();
            }
            line = in.next();
        }
        out.flush();
        return !broken;
    }

    private void answer(CaseLine line) throws IOException {
        String text = line.id() + " " + answerTo(line).text() + "\n";
        out.write(Bytes.utf8(text).toArray());
    }

    private Answer answerTo(CaseLine line) {
        try {
            return judge.judge(line.asCase());
        } catch (MalformedCaseException e) {
            complain(e.getMessage());
            return Answer.REJECT;
        } catch (MalformedCborException | MalformedCoseException | MalformedKeyException e) {
            return Answer.REJECT;
        } catch (RuntimeException e) {
            // A fault of ours. The other cases of the run are worth their answers all the same.
            broken = true;
            complain("the judge broke down: " + e.getClass().getName());
            return Answer.REJECT;
        }
    }

    private void complain(String why) {
        complaints.println("latchkey: line " + number + ": " + why);
    }

    private static boolean isBlank(byte[] line) {
        for (byte character : line) {
            if (character != ' ' && character != '\t' && character != '\r') {
                return false;
            }
        }
        return true;
    }
}
