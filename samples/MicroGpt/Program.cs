using FunctionalGrad.Samples.MicroGpt;

return await CommandLine.Run(args, Console.Out, Console.Error);
