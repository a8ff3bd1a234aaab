using FunctionalGrad.Samples.CurveFit;

return await CommandLine.Run(args, Console.Out, Console.Error);
