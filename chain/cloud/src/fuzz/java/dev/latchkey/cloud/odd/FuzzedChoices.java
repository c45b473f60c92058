package dev.latchkey.cloud.odd;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import java.util.Arrays;

/** Decisions out of a fuzzer's input. For one thread. */
public final class FuzzedChoices implements Choices {
    private final FuzzedDataProvider data;

    public FuzzedChoices(FuzzedDataProvider data) {
        this.data = data;
    }

    @Override
    public int below(int bound) {
        return data.consumeInt(0, bound - 1);
    }

    @Override
    public byte[] bytes(int size) {
        return Arrays.copyOf(data.consumeBytes(size), size);
    }
}
