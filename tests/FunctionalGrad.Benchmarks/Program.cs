using BenchmarkDotNet.Running;
using FunctionalGrad.Benchmarks;

// The commands of our own, of which three take parts of rows' names; everything else is BenchmarkDotNet's.
switch (args)
{
    case ["quick", "--processor-time", .. var filters]:
        QuickRun.Speed(Timing.Processor, filters);
        break;
    case ["quick", .. var filters]:
        QuickRun.Speed(Timing.Elapsed, filters);
        break;
    case ["costs", .. var filters]:
        QuickRun.Costs(filters);
        break;
    case ["listing", .. var filters]:
        QuickRun.Listings(filters);
        break;
    case ["peak", "--processor-time"]:
        PeakRun.Print(Timing.Processor);
        break;
    case ["peak"]:
        PeakRun.Print(Timing.Elapsed);
        break;
    case ["taylor"]:
        TaylorRun.Print();
        break;
    default:
        BenchmarkSwitcher.FromAssembly(typeof(QuickRun).Assembly).Run(args);
        break;
}
