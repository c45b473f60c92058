package dev.latchkey.sim.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** By hand: the first fragment holds 96 bytes of UDP payload, a middle one 104, the last one up to 111. */
class FramesTest {
    @ParameterizedTest
    @CsvSource({
        "86, 1, 106",
        "87, 1, 107",
        "107, 1, 127",
        "108, 2, 148",
        "207, 2, 247",
        "208, 3, 264",
        "311, 3, 367",
        "312, 4, 384"
    })
    void aDatagramTakesSoManyFrames(int udpPayload, int frames, int bytes) {
        assertThat(Frames.of(udpPayload)).isEqualTo(new Frames(frames, bytes));
    }
}
