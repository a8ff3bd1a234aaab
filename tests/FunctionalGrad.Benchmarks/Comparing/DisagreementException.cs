namespace FunctionalGrad.Benchmarks;

/// <summary>Two ways of doing one job gave different numbers, so that comparing their times would mean nothing.</summary>
public sealed class DisagreementException(string message) : Exception(message);
