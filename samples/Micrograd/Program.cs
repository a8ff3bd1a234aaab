using FunctionalGrad.Samples.Micrograd;

return await CommandLine.Run(args, Console.Out, Console.Error);
