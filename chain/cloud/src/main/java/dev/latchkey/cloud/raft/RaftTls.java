package dev.latchkey.cloud.raft;

import java.util.function.Predicate;
import org.apache.ratis.conf.Parameters;
import org.apache.ratis.grpc.GrpcConfigKeys;
import org.apache.ratis.grpc.GrpcTlsConfig;
import org.apache.ratis.thirdparty.io.netty.handler.ssl.SslProvider;

/** TLS 1.3 between members, both sides with their own key and nothing looked at but the other's. Stateless. */
final class RaftTls {
    private RaftTls() {}

    static void apply(Parameters parameters, Transport transport, Predicate<String> welcome) {
        GrpcTlsConfig tls = GrpcTlsConfig.newBuilder()
                .setKeyManager(transport.ownKey())
                .setTrustManager(transport.trust().apply(welcome))
                .setMutualTls(true)
                // the platform's TLS, as everywhere else in Latchkey, and no native library
                .setSslProvider(SslProvider.JDK)
                .setProtocols("TLSv1.3")
                .build();
        GrpcConfigKeys.TLS.setConf(parameters, tls);
    }
}
