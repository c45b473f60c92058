package dev.latchkey.cloud.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.ledger.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RefusalTextsTest {
    @ParameterizedTest
    @EnumSource(Refusal.class)
    void eachRefusalIsExplainedAndListed(Refusal refusal) throws IOException {
        assertThat(RefusalTexts.of(refusal.code())).isNotEmpty();
        Path readme = Path.of(System.getProperty("latchkey.root"), "chain/cloud/README.md");
        assertThat(Files.readString(readme))
                .containsPattern("[ (]" + refusal.code() + "[,. ]|\\n" + refusal.code() + ",");
    }
}
