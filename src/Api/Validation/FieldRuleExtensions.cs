using FluentValidation;
using IotBus.Api.Fields;

namespace IotBus.Api.Validation;

/// <summary>Puts the rules of <see cref="FieldRules"/> into validators.</summary>
internal static class FieldRuleExtensions
{
    /// <summary>Requires a rule of a member, under the name the member has in JSON.</summary>
    public static void Keeps<TRequest, TField>(this IRuleBuilderInitial<TRequest, TField> member, string name, Func<string, TField, string?> rule) =>
        member.Custom((field, context) =>
        {
            if (rule(name, field) is { } fault)
                context.AddFailure(name, fault);
        });
}
