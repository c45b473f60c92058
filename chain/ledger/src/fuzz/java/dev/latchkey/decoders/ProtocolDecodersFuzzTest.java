package dev.latchkey.decoders;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.latchkey.bytes.Bytes;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Jazzer against the decoders of messages and the files that people carry. */
class ProtocolDecodersFuzzTest {
    private static final FuzzTarget TARGET = new FuzzTarget(ProtocolDecoders::of);

    static Stream<byte[]> seeds() {
        return TARGET.seeds();
    }

    @MethodSource("seeds")
    @FuzzTest(maxDuration = "20s")
    void refusesOrUnderstands(byte[] input) {
        TARGET.feed(Bytes.wrap(input));
    }
}
