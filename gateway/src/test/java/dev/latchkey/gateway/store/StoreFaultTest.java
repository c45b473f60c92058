package dev.latchkey.gateway.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.console.LogRing;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said when a file is damaged while the store is open. */
class StoreFaultTest {
    @Test
    void damageIsToldOnceWithTheFilesNameAndWithoutAStackTrace(@TempDir Path data) throws Exception {
        for (int opening = 0; opening < 2; opening++) {
            // The second opening makes a table of what the first one wrote.
            try (Store store = Store.open(data, Runnable::run)) {
                store.submit(draft -> {
                            draft.put(Table.OUTBOX, Key.of(1), Bytes.utf8("a row".repeat(100)));
                            return null;
                        })
                        .get(10, TimeUnit.SECONDS);
            }
        }
        try (LogRing log = LogRing.open(100, () -> {});
                Store store = Store.open(data, Runnable::run)) {
            for (Path table : tables(data)) {
                byte[] bytes = Files.readAllBytes(table);
                Arrays.fill(bytes, 0, 40, (byte) -1);
                Files.write(table, bytes);
            }
            StoreFault fault = catchThrowableOfType(StoreFault.class, () -> store.get(Table.OUTBOX, Key.of(1)));
            assertThat(fault).hasNoCause();
            assertThat(fault.getStackTrace()).isEmpty();
            assertThat(fault.getMessage()).startsWith("a read failed: ").contains("checksum", ".sst");
            assertThat(fault.isDamage()).isTrue();
            assertThat(Damage.isSuspected(data)).isTrue();

            List<String> told = log.entries(0, "error").stream()
                    .map(LogRing.Entry::text)
                    .filter(text -> text.contains(data.toString()))
                    .toList();
            assertThat(told).hasSize(1);
            assertThat(told.get(0))
                    .startsWith("the store failed; nothing more is accepted")
                    .contains("reason=\"" + fault.getMessage() + "\"")
                    .doesNotContain("|");
        }
    }

    private static List<Path> tables(Path data) throws Exception {
        try (Stream<Path> files = Files.list(data)) {
            return files.filter(file -> file.toString().endsWith(".sst")).toList();
        }
    }
}
