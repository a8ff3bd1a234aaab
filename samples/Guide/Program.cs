using FunctionalGrad.Samples.Guide;

return await CommandLine.Run(args, Console.Out, Console.Error);
