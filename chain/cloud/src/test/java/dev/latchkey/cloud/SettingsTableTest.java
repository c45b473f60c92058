package dev.latchkey.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The table of settings in the README has every setting that the node has, and no other. */
class SettingsTableTest {

    /** A name that begins with a dot is in the group of the one before it. */
    private static TreeSet<String> documented() throws IOException {
        Path readme = Path.of(System.getProperty("latchkey.root"), "chain/cloud/README.md");
        List<String> lines = Files.readAllLines(readme);
        int begin = lines.indexOf("## Settings");
        TreeSet<String> found = new TreeSet<>();
        for (String line : lines.subList(begin + 1, lines.indexOf("## Operators"))) {
            if (line.startsWith("| `")) {
                String group = "";
                for (String key : line.split(" *\\| *")[1].split(", ")) {
                    String name = key.replace("`", "");
                    group = name.startsWith(".") ? group : name.replaceFirst("[^.]*$", "");
                    found.add(name.startsWith(".") ? group + name.substring(1) : name);
                }
            }
        }
        return found;
    }

    @Test
    void isComplete() throws IOException {
        Config all = ConfigFactory.parseResources("dev/latchkey/cloud/cloud.conf");
        TreeSet<String> known = new TreeSet<>();
        collect("", all.root(), known);
        assertThat(known).hasSizeGreaterThan(30);
        assertThat(documented()).isEqualTo(known);
    }

    private static void collect(String prefix, ConfigObject object, TreeSet<String> into) {
        for (Map.Entry<String, ConfigValue> entry : object.entrySet()) {
            if (entry.getValue() instanceof ConfigObject inner) {
                collect(prefix + entry.getKey() + ".", inner, into);
            } else {
                into.add(prefix + entry.getKey());
            }
        }
    }
}
