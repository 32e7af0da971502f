using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;

namespace IotBus.Processors.Decommissioning;

/// <summary>A client of Kubernetes' API from within a pod, as its service account.</summary>
internal static class KubernetesApi
{
    private const string Folder = "/var/run/secrets/kubernetes.io/serviceaccount";

    public static IHttpClientBuilder UseKubernetes(this IHttpClientBuilder client) => client
        .ConfigureHttpClient(http => http.BaseAddress = new Uri("https://kubernetes.default.svc"))
        .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { SslOptions = { CertificateChainPolicy = Trust(Path.Combine(Folder, "ca.crt")) } })
        .AddHttpMessageHandler(() => new TokenHandler(Path.Combine(Folder, "token")));

    private static X509ChainPolicy Trust(string authority)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.ImportFromPemFile(authority);
        return policy;
    }

    /// <summary>Kubernetes changes the token within the hour, so it is read for each request.</summary>
    private sealed class TokenHandler(string path) : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var token = await File.ReadAllTextAsync(path, cancellationToken).ConfigureAwait(false);
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token.Trim());
            return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
    }
}
