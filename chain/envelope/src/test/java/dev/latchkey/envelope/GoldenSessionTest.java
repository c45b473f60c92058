package dev.latchkey.envelope;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.bytes.Bytes;
import org.junit.jupiter.api.Test;

/** The bytes of one session, for ever: whoever changes them changes the format, and needs a new version of it. */
class GoldenSessionTest {
    private static final String OPENER =
            "84581da301280448ca02f2872692c7e30a4e826773656174746c651a000f4240a0587c8443a1010aa106410058"
                    + "1ac06d059d2d1701199481c119c6fb735570eec0d9fc3b68e1862f818344a101381ca204489ba6420220a215e6"
                    + "20a40102200121582029c9e98db2b0350276ca2bfb85fec2d2d3a1847084b714ca46459fb16d405c3622f45818"
                    + "09d45ed6bf5281d0f5f38b00dac2e909c70393f8d49b0b7e5840c76504438637d4f10e051b89bbb6a23aace38b"
                    + "ac42fcdb3a8ce2ff9eb7988d5122eaef828bf319d074ecbde7fb155bf73063f9d463ec0af730775f134d30db8c";
    private static final String FIRST =
            "8340a20444a2bd4876064100581fb25f7b01adf92c0d5273964f9dc3c8e1498d9bff01e13ca6db34e65baddf5e";
    private static final String LATER =
            "8340a20444a2bd4876064201015822f192c5351950f1f56ae0a74995ef148d85fd5de99a161bfa114ecf83757a" + "75b90767";

    private final Town town = new Town();

    @Test
    void theSameKeysAndRandomnessGiveTheSameBytes() throws Exception {
        Opened opened = town.open(town.toBob);
        assertThat(opened.opener().toHex()).isEqualTo(OPENER);
        assertThat(opened.session().seal(Town.reading(21.5)).message().toHex()).isEqualTo(FIRST);
        for (int i = 1; i < 257; i++) {
            opened.session().seal(Town.reading(i));
        }
        assertThat(opened.session().seal(Town.reading(21.37)).message().toHex()).isEqualTo(LATER);
    }

    @Test
    void theRecipientOpensThemToday() throws Exception {
        ReceivingSession session = town.accept(town.bob, Bytes.fromHex(OPENER));
        assertThat(session.open("ann", Bytes.fromHex(LATER), Town.NOW)
                        .contents()
                        .pack())
                .isEqualTo(Town.pack(21.37));
        assertThat(session.open("ann", Bytes.fromHex(FIRST), Town.NOW)
                        .contents()
                        .pack())
                .isEqualTo(Town.pack(21.5));
    }
}
