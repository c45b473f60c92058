package dev.latchkey.gateway.admin;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.coap.CoapRequest;
import dev.latchkey.coap.CoapResponse;
import dev.latchkey.coap.EntityTag;
import dev.latchkey.coap.LinkAttributes;
import dev.latchkey.coap.Method;
import dev.latchkey.console.Setting;
import dev.latchkey.console.UsageFault;
import dev.latchkey.gateway.replica.MemberHandle;
import dev.latchkey.gateway.settings.ChangedSettings;
import dev.latchkey.gateway.tree.Problems;
import dev.latchkey.protocol.ContentFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code /a/cf}: the settings, by key {@code {value, default, kind, origin, changeable}}. FETCH with a list of keys is some
 * of them. iPATCH (RFC 8132) with a map from keys to values as they stand in a settings file, or null, changes those that
 * may change; it must name by If-Match the ETag of the whole, so that nobody changes what he has not seen.
 */
public final class ConfigResource implements AdminResource {
    static final String CONFIG = "/a/cf";
    private static final Logger LOG = LoggerFactory.getLogger(ConfigResource.class);

    private final ChangedSettings settings;
    private final Executor workers;

    public ConfigResource(ChangedSettings settings, Executor workers) {
        this.settings = settings;
        this.workers = workers;
    }

    @Override
    public void addTo(AdminRoutes routes) {
        routes.route(
                        CONFIG,
                        Method.GET,
                        (request, admin) -> later(() -> {
                            Map<String, Object> values = values(settings.all());
                            return Values.answer(request, values).withEtag(EntityTag.of(Values.encode(values)));
                        }),
                        LinkAttributes.type("latchkey.config", ContentFormat.CBOR, ContentFormat.JSON))
                .route(CONFIG, Method.FETCH, (request, admin) -> later(() -> some(request)))
                .route(CONFIG, Method.IPATCH, (request, admin) -> later(() -> change(request, admin)));
    }

    private CompletionStage<CoapResponse> later(Supplier<CoapResponse> answer) {
        return CompletableFuture.supplyAsync(answer, workers).exceptionally(Problems::ofFailure);
    }

    private CoapResponse some(CoapRequest request) {
        Optional<Object> keys = body(request);
        if (keys.isEmpty() || !(keys.get() instanceof List<?> list)) {
            return refusal(request);
        }
        Map<String, Object> values = values(settings.all());
        if (!values.keySet().containsAll(list)) {
            return Problems.of("unknown-setting");
        }
        values.keySet().retainAll(list);
        return Values.answer(request, values);
    }

    private CoapResponse change(CoapRequest request, MemberHandle admin) {
        Optional<Object> body = body(request);
        if (body.isEmpty() || !(body.get() instanceof Map<?, ?> map)) {
            return refusal(request);
        }
        synchronized (settings) {
            // Between the look at the tag and the change nobody else's change comes.
            return change(request, map, admin);
        }
    }

    private CoapResponse change(CoapRequest request, Map<?, ?> map, MemberHandle admin) {
        Map<String, Setting> all = settings.all();
        Bytes tag = EntityTag.of(Values.encode(values(all)));
        if (!request.ifMatch().equals(Optional.of(tag))) {
            return Problems.of("changed-meanwhile", "If-Match must be the ETag of what is there");
        }
        Map<String, Optional<String>> changes = new LinkedHashMap<>();
        for (Map.Entry<?, ?> each : map.entrySet()) {
            String key = (String) each.getKey();
            if (!all.containsKey(key)) {
                return Problems.of("unknown-setting", key);
            }
            if (!isChangeable(all.get(key))) {
                return Problems.of("not-changeable", key);
            }
            changes.put(key, Optional.ofNullable(each.getValue()).map(String::valueOf));
        }
        try {
            settings.change(changes);
            LOG.atInfo()
                    .addKeyValue("keys", changes.keySet())
                    .addKeyValue("admin", admin.name())
                    .log("an administrator changed settings");
            return CoapResponse.changed();
        } catch (UsageFault e) {
            return Problems.of("bad-setting", String.valueOf(e.getMessage()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Optional<Object> body(CoapRequest request) {
        if (request.contentFormat().orElse(-1) != ContentFormat.CBOR) {
            return Optional.empty();
        }
        try {
            return Optional.ofNullable(Values.decode(request.payload()));
        } catch (MalformedCborException e) {
            return Optional.empty();
        }
    }

    private static CoapResponse refusal(CoapRequest request) {
        return Problems.of(
                request.contentFormat().orElse(-1) == ContentFormat.CBOR ? "malformed" : "unsupported-format");
    }

    private static boolean isChangeable(Setting setting) {
        return ChangedSettings.CHANGEABLE.contains(setting.key()) && !setting.fixed();
    }

    private static Map<String, Object> values(Map<String, Setting> settings) {
        Map<String, Object> values = new LinkedHashMap<>();
        settings.forEach((key, setting) -> {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("value", setting.value());
            one.put("default", setting.standard());
            one.put("kind", setting.kind().toString());
            one.put("origin", setting.origin().toString());
            one.put("changeable", isChangeable(setting));
            values.put(key, one);
        });
        return values;
    }
}
