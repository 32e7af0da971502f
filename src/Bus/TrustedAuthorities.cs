using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace IotBus.Bus;

/// <summary>Trusts certificates that authorities of a file have signed, and no others.</summary>
internal sealed class TrustedAuthorities
{
    private readonly X509Certificate2Collection _authorities = [];

    /// <param name="path">A PEM file with one or more certificates.</param>
    /// <exception cref="InvalidOperationException">It holds none.</exception>
    public TrustedAuthorities(string path)
    {
        _authorities.ImportFromPemFile(path);
        if (_authorities.Count == 0)
            throw new InvalidOperationException($"{RabbitMqOptions.Section}:CaLocation names {path}, which holds no certificate in PEM.");
    }

    /// <summary>Whether a server's certificate is one of theirs; its name was checked before.</summary>
    public bool Trusts(object sender, X509Certificate? certificate, X509Chain? sent, SslPolicyErrors errors)
    {
        if (certificate is null || (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) != SslPolicyErrors.None)
            return false;

        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(_authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck; // An authority of one's own seldom publishes what it revoked.
        foreach (var element in sent?.ChainElements ?? Enumerable.Empty<X509ChainElement>())
            chain.ChainPolicy.ExtraStore.Add(element.Certificate);

        using var own = X509CertificateLoader.LoadCertificate(certificate.GetRawCertData());
        return chain.Build(own);
    }
}
