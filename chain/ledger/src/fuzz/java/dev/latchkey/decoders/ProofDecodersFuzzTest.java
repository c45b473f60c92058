package dev.latchkey.decoders;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.latchkey.bytes.Bytes;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Jazzer against the decoders of answers with proofs, receipts and evidence files. */
class ProofDecodersFuzzTest {
    private static final FuzzTarget TARGET = new FuzzTarget(ProofDecoders::of);

    static Stream<byte[]> seeds() {
        return TARGET.seeds();
    }

    @MethodSource("seeds")
    @FuzzTest(maxDuration = "20s")
    void refusesOrUnderstands(byte[] input) {
        TARGET.feed(Bytes.wrap(input));
    }
}
