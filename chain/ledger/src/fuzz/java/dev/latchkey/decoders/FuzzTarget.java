package dev.latchkey.decoders;

import dev.latchkey.bytes.Bytes;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Decoders that get every input of a fuzzer, and the samples that it begins with. */
final class FuzzTarget {
    private final List<Bytes> samples;
    private final List<Decoder> decoders;

    /** Some decoders of the specimens. */
    interface Group {
        List<Decoder> of(Specimens world) throws Exception;
    }

    /** One of the decoders that read in the same way is enough. */
    FuzzTarget(Group group) {
        List<Decoder> all;
        try {
            all = group.of(new Specimens());
        } catch (Exception e) {
            throw new AssertionError(e);
        }
        samples = all.stream().map(Decoder::sample).toList();
        Set<Decoder.Reader> seen = new HashSet<>();
        decoders = all.stream().filter(decoder -> seen.add(decoder.reader())).toList();
    }

    Stream<byte[]> seeds() {
        return samples.stream().map(Bytes::toArray);
    }

    void feed(Bytes input) {
        decoders.forEach(decoder -> decoder.takes(input));
    }
}
