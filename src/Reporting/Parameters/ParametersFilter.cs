using Microsoft.AspNetCore.Mvc;

namespace IotBus.Reporting.Parameters;

/// <summary>
/// Answers 400 for parameters that are unknown, given twice or not valid. An unknown parameter is an error and not ignored: <c>?form=…</c> would
/// otherwise answer for all time and look right.
/// </summary>
internal sealed class ParametersFilter(TimeProvider time) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var errors = new ParameterErrors();
        var parameters = context.Arguments.OfType<ICheckedParameters>().SingleOrDefault();
        string[] known = parameters is null ? [] : NamesOf(parameters.GetType());

        foreach (var (name, values) in context.HttpContext.Request.Query)
        {
            if (!known.Contains(name, StringComparer.Ordinal))
                errors.Add(name, known is [] ? "Unknown parameter: there is none here." : $"Unknown parameter: there are {string.Join(", ", known)}.");
            else if (values.Count > 1)
                errors.Add(name, "Given more than once.");
        }

        parameters?.Read(errors, time);
        return errors.Any ? errors.ToProblem() : await next(context);
    }

    private static string[] NamesOf(Type parameters) =>
    [
        .. from property in parameters.GetProperties()
           from attribute in property.GetCustomAttributes(typeof(FromQueryAttribute), inherit: false).Cast<FromQueryAttribute>()
           select attribute.Name,
    ];
}
