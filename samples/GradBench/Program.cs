using FunctionalGrad.Samples.GradBench;

return CommandLine.Run(args);
