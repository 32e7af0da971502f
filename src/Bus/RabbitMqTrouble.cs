using System.Net.Sockets;
using System.Security.Authentication;
using RabbitMQ.Client.Exceptions;

namespace IotBus.Bus;

/// <summary>Says what keeps a client from RabbitMQ, and what to do about it.</summary>
internal sealed class RabbitMqTrouble(RabbitMqOptions options)
{
    private const ushort AccessRefused = 403;
    private const ushort NotAllowed = 530;

    public string Describe(Exception? exception)
    {
        var at = $"RabbitMQ at {options.Host}:{options.EffectivePort}";
        foreach (var cause in Causes(exception))
        {
            switch (cause)
            {
                case AuthenticationFailureException or PossibleAuthenticationFailureException or OperationInterruptedException { ShutdownReason.ReplyCode: AccessRefused }:
                    return $"{at} refuses the user '{options.Username}': look at {RabbitMqOptions.Section}:Username and Password.";
                case OperationInterruptedException { ShutdownReason.ReplyCode: NotAllowed }:
                    return $"{at} has no virtual host '{options.VirtualHost}', or '{options.Username}' may not use it: look at {RabbitMqOptions.Section}:VirtualHost.";
                case AuthenticationException:
                    return $"The certificate of {at} is not trusted: look at {RabbitMqOptions.Section}:CaLocation and ServerName. {cause.Message}";
                case SocketException:
                    return $"{at} does not answer: {cause.Message}";
            }
        }

        return exception is null ? $"{at} is not connected yet." : $"{at} does not work: {exception.Message}";
    }

    private static IEnumerable<Exception> Causes(Exception? exception)
    {
        for (; exception is not null; exception = exception.InnerException)
        {
            yield return exception;
            if (exception is not AggregateException several)
                continue;

            foreach (var cause in several.InnerExceptions.SelectMany(Causes))
                yield return cause;

            yield break;
        }
    }
}
